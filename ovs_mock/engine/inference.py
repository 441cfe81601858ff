"""An inference: a question to the model, and its answer."""

from collections.abc import Mapping
from enum import Enum, IntEnum, auto
from typing import Any, Literal

from ovs_mock.engine.conversation import Conversation, ToolCall
from ovs_mock.engine.frames import Frame
from ovs_mock.engine.sampling import ClipSampling, Sampling
from ovs_mock.util.records import record

FinishReason = Literal["stop", "length", "content_filter", "tool_calls"]
Mode = Literal["clip", "frame", "chat"]
JsonSchema = Mapping[str, Any]


@record(frozen=True, slots=True, kw_only=True)
class InferencePlan:
    """What the model is asked about a stream's frames, at a steady cadence."""

    sampling: Sampling
    prompt: str
    model: str
    backend: str = "overshoot"
    output_schema: JsonSchema | None = None
    max_output_tokens: int | None = None

    @property
    def mode(self) -> Literal["clip", "frame"]:
        return "clip" if isinstance(self.sampling, ClipSampling) else "frame"


class Purpose(IntEnum):
    """Who waits for the answer. An IntEnum, because its hash is computed in C."""

    RESULT = auto()
    """The subscribers of the stream."""
    REINFER = auto()
    """The caller who asked about an earlier result's clip."""
    CHAT = auto()
    """The caller of a chat."""


@record(frozen=True, slots=True, kw_only=True)
class Inference:
    """One question to a model. ``id`` is also the id of the result that comes of it."""

    id: str
    purpose: Purpose
    stream_id: str | None
    mode: Mode
    model: str
    backend: str
    prompt: str
    frames: tuple[Frame, ...]
    due_at: int
    output_schema: JsonSchema | None = None
    max_output_tokens: int | None = None
    temperature: float | None = None
    conversation: Conversation | None = None
    """The whole chat, of which ``prompt`` is the user's last message and ``frames`` are all frames."""


@record(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of a reply, as the model counted them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def total_tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens


class FailureKind(Enum):
    """What kind of failure an error is; only chats tell them apart."""

    MODEL = auto()
    SAFETY = auto()
    """The provider blocks the content."""
    UPSTREAM = auto()
    """The provider answered with an error, or not at all."""
    TIMEOUT = auto()
    """The provider took too long."""


@record(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a model made of an inference.

    ``latency`` in microseconds, until the first token is there, ``None`` for the mock's default; ``tokens_per_second``
    is the pace of the others in a chat, ``None`` for all at once. ``upstream_status`` is the HTTP status of a failed
    provider.
    """

    text: str = ""
    error: str | None = None
    failure: FailureKind = FailureKind.MODEL
    upstream_status: int | None = None
    finish_reason: FinishReason | None = "stop"
    latency: int | None = None
    tokens_per_second: float | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage = Usage()

    @property
    def ok(self) -> bool:
        return self.error is None


@record(frozen=True, slots=True, kw_only=True)
class Result:
    """An inference with its answer. Latencies in microseconds; the total counts from the newest frame."""

    inference: Inference
    answer: Answer
    latency: int
    total_latency: int
