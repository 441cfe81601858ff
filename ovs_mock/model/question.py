"""A question to the model, as scripts and assertions see it."""

from typing import Literal

from ovs_mock.engine.conversation import Conversation, Tool, ToolChoice
from ovs_mock.engine.inference import Inference, JsonSchema, Mode, Purpose
from ovs_mock.model.frame_view import FrameView
from ovs_mock.model.messages import ChatMessage, with_frames
from ovs_mock.util.records import record

Version = Literal["v0.2", "v1", "v1beta"]
Endpoint = Literal["stream", "reinfer", "chat"]
"""What asks the model: a stream, a reinfer request about a result's clip, or a chat."""

ENDPOINTS: dict[Purpose, Endpoint] = {
    Purpose.RESULT: "stream",
    Purpose.REINFER: "reinfer",
    Purpose.CHAT: "chat",
}
# The one version whose streams push results.
RESULTS_VERSION: Version = "v0.2"

_NO_CHAT = Conversation(messages=())


@record(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """A question to the model, and the frames that it is about.

    Attributes:
        prompt: The stream's prompt; in a chat, the text of the last message of the user.
        model: The model's name.
        mode: ``"frame"``, ``"clip"`` or ``"chat"``.
        version: The API version that was called: ``"v0.2"``, ``"v1"`` or ``"v1beta"``.
        endpoint: What asks: ``"stream"`` for a stream's own inferences, ``"reinfer"`` or ``"chat"``.
        stream_id: The stream that all frames come from; ``None`` in a chat about no stream or several.
        stream_ids: All streams that frames come from.
        frames: Oldest first; in a chat, those of all messages in order.
        schema: The JSON Schema that the reply has to follow; ``None`` without one.
        json: Whether the reply has to be JSON, with a schema or without one.
        max_output_tokens: The limit of the reply's length, in tokens; ``None`` without one.
        temperature: The sampling temperature of the request; ``None`` without one.
        messages: The messages of a chat; empty for other questions.
        tools: The tools that a chat offers.
        tool_choice: Which tools a chat's model may or has to call.
        parallel_tool_calls: Whether a chat's model may call several tools at once.
        choice: Which of the ``n`` replies of a chat this is, from 0.
    """

    prompt: str
    model: str
    mode: Mode
    version: str = RESULTS_VERSION
    endpoint: Endpoint = "stream"
    stream_id: str | None
    stream_ids: tuple[str, ...] = ()
    frames: tuple[FrameView, ...]
    schema: JsonSchema | None = None
    json: bool = False
    max_output_tokens: int | None = None
    temperature: float | None = None
    messages: tuple[ChatMessage, ...] = ()
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice = _NO_CHAT.tool_choice
    parallel_tool_calls: bool = True
    choice: int = 0

    def without_pixels(self) -> "Question":
        """The same question without the frames' pixels."""
        if all(not frame.has_picture for frame in self.frames):
            return self
        frames = tuple([frame.without_pixels() for frame in self.frames])
        # Field by field: dataclasses.replace takes longer than the rest of a question.
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
    def from_inference(cls, inference: Inference, frames: tuple[FrameView, ...]) -> "Question":
        """The question that an inference of the engine asks, with its frames."""
        chat = inference.conversation or _NO_CHAT
        messages = with_frames(chat.messages, frames) if chat.messages else ()
        streams = _stream_ids(messages) if inference.stream_id is None else (inference.stream_id,)
        schema = chat.output.schema if chat.output else inference.output_schema
        return cls(
            prompt=inference.prompt,
            model=inference.model,
            mode=inference.mode,
            version=chat.api_version or RESULTS_VERSION,
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


def _stream_ids(messages: tuple[ChatMessage, ...]) -> tuple[str, ...]:
    ids = [each.stream_id for message in messages for each in message.media if each.stream_id is not None]
    return tuple(dict.fromkeys(ids))
