"""A chat: the messages to the model, with frames in them, and the limits of its answer."""

from collections.abc import Mapping
from typing import Any, Literal

from ovs_mock.engine.frames import Frame, Picture
from ovs_mock.engine.references import FrameReference, SegmentReference
from ovs_mock.util.records import record

Role = Literal["system", "developer", "user", "assistant", "tool"]


@record(frozen=True, slots=True)
class Text:
    text: str


@record(frozen=True, slots=True)
class StreamFrame:
    """One frame of a stream."""

    stream_id: str
    reference: FrameReference


@record(frozen=True, slots=True)
class StreamSegment:
    """A stretch of a stream."""

    stream_id: str
    reference: SegmentReference


@record(frozen=True, slots=True)
class Inline:
    """A picture in the request itself."""

    picture: Picture


@record(frozen=True, slots=True)
class Link:
    """Any other URL. It is not fetched; the model gets it as text."""

    url: str
    kind: Literal["image", "video"]


RequestPart = Text | StreamFrame | StreamSegment | Inline | Link


@record(frozen=True, slots=True)
class ResolvedFrames:
    """The frames of a resolved reference. An inline picture is a frame without a stream, with index -1."""

    frames: tuple[Frame, ...]
    kind: Literal["image", "video"]
    stream_id: str | None


Part = Text | ResolvedFrames | Link


@record(frozen=True, slots=True)
class ToolCall:
    """``arguments`` is JSON text."""

    id: str
    name: str
    arguments: str


@record(frozen=True, slots=True, kw_only=True)
class RequestMessage:
    """A message as it was sent."""

    role: Role
    parts: tuple[RequestPart, ...]
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


@record(frozen=True, slots=True, kw_only=True)
class Message:
    """A message with its references resolved."""

    role: Role
    parts: tuple[Part, ...]
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None

    @property
    def text(self) -> str:
        """All text of the message."""
        return "\n".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def frames(self) -> tuple[Frame, ...]:
        return tuple(frame for part in self.parts if isinstance(part, ResolvedFrames) for frame in part.frames)


@record(frozen=True, slots=True)
class Tool:
    """A function that the model may call; ``parameters`` is a JSON Schema."""

    name: str
    parameters: Mapping[str, Any]
    description: str = ""


@record(frozen=True, slots=True)
class ToolChoice:
    """``name`` is set when one certain function must be called."""

    mode: Literal["none", "auto", "required"]
    name: str | None = None


AUTO = ToolChoice("auto")


@record(frozen=True, slots=True)
class JsonOutput:
    """The reply must be JSON: any object, or valid against a schema."""

    schema: Mapping[str, Any] | None = None


@record(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What a model is asked in a chat."""

    messages: tuple[Message, ...]
    output: JsonOutput | None = None
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice = AUTO
    parallel_tool_calls: bool = True
    choice: int = 0
    """Which of the ``n`` replies that were asked for."""
    api_version: str = ""
    """The API version of the request."""

    @property
    def frames(self) -> tuple[Frame, ...]:
        return tuple(frame for message in self.messages for frame in message.frames)

    @property
    def last_user_text(self) -> str:
        """The text of the user's last message."""
        return next((m.text for m in reversed(self.messages) if m.role == "user"), "")
