"""A question to the model, as scripts and assertions see it."""

from typing import Literal

from ovs_mock.engine.conversation import Conversation, Tool, ToolChoice
from ovs_mock.engine.inference import Inference, JsonSchema, Mode, Purpose
from ovs_mock.model.frame_view import FrameView
from ovs_mock.model.messages import ChatMessage, with_frames
from ovs_mock.util.records import record

Version = Literal["v0.2", "v1", "v1beta"]
Endpoint = Literal["stream", "reinfer", "chat"]
"""Who asks: a stream by itself, somebody who asks again about a result's clip, or a chat."""

ENDPOINTS: dict[Purpose, Endpoint] = {
    Purpose.RESULT: "stream",
    Purpose.REINFER: "reinfer",
    Purpose.CHAT: "chat",
}
# Results that are pushed are of the one version that does not chat.
PUSHED: Version = "v0.2"

_NO_CHAT = Conversation(messages=())


@record(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """What the model is asked, and about which frames, oldest first.

    In a chat, ``prompt`` is what the user said last, ``frames`` are those of all messages in order, and ``stream_ids``
    all streams that they come from, with ``stream_id`` when there is just one.
    """

    prompt: str
    model: str
    mode: Mode
    version: str = PUSHED
    """The API version that was called."""
    endpoint: Endpoint = "stream"
    stream_id: str | None
    stream_ids: tuple[str, ...] = ()
    frames: tuple[FrameView, ...]
    schema: JsonSchema | None = None
    json: bool = False
    """Whether the reply has to be JSON, with a schema or without one."""
    max_output_tokens: int | None = None
    temperature: float | None = None
    messages: tuple[ChatMessage, ...] = ()
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice = _NO_CHAT.tool_choice
    parallel_tool_calls: bool = True
    choice: int = 0
    """Which of the ``n`` replies that were asked for."""

    def without_pixels(self) -> "Question":
        """The same question with nothing that keeps pictures alive."""
        for frame in self.frames:
            if frame.has_picture:
                return self._with_frames(tuple([frame.without_pixels() for frame in self.frames]))
        return self

    def _with_frames(self, frames: tuple[FrameView, ...]) -> "Question":
        # Field by field, as dataclasses.replace takes longer than all the rest of a question.
        return Question(
            prompt=self.prompt,
            model=self.model,
            mode=self.mode,
            version=self.version,
            endpoint=self.endpoint,
            stream_id=self.stream_id,
            stream_ids=self.stream_ids,
            frames=frames,
            schema=self.schema,
            json=self.json,
            max_output_tokens=self.max_output_tokens,
            temperature=self.temperature,
            messages=with_frames(self.messages, frames),
            tools=self.tools,
            tool_choice=self.tool_choice,
            parallel_tool_calls=self.parallel_tool_calls,
            choice=self.choice,
        )

    @classmethod
    def of(cls, inference: Inference, frames: tuple[FrameView, ...]) -> "Question":
        chat = inference.conversation or _NO_CHAT
        messages = with_frames(chat.messages, frames) if chat.messages else ()
        streams = _streams(messages) if inference.stream_id is None else (inference.stream_id,)
        schema = chat.output.schema if chat.output else inference.output_schema
        return cls(
            prompt=inference.prompt,
            model=inference.model,
            mode=inference.mode,
            version=chat.api_version or PUSHED,
            endpoint=ENDPOINTS[inference.purpose],
            stream_id=streams[0] if len(streams) == 1 else None,
            stream_ids=streams,
            frames=frames,
            schema=schema,
            json=chat.output is not None or schema is not None,
            max_output_tokens=inference.max_output_tokens,
            temperature=inference.temperature,
            messages=messages,
            tools=chat.tools,
            tool_choice=chat.tool_choice,
            parallel_tool_calls=chat.parallel_tool_calls,
            choice=chat.choice,
        )


def _streams(messages: tuple[ChatMessage, ...]) -> tuple[str, ...]:
    ids = [each.stream_id for message in messages for each in message.media if each.stream_id is not None]
    return tuple(dict.fromkeys(ids))
