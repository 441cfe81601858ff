"""An inference: what a model is asked, and what it replied."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Literal

from ovs_mock.engine.frames import Frame
from ovs_mock.engine.sampling import ClipSampling, Sampling

FinishReason = Literal["stop", "length", "content_filter"]
JsonSchema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class InferencePlan:
    """What a stream's frames are to be asked, again and again."""

    sampling: Sampling
    prompt: str
    model: str
    backend: str = "overshoot"
    output_schema: JsonSchema | None = None
    max_output_tokens: int | None = None

    @property
    def mode(self) -> Literal["clip", "frame"]:
        return "clip" if isinstance(self.sampling, ClipSampling) else "frame"


class Purpose(Enum):
    """Who waits for the reply."""

    RESULT = auto()
    """Everybody who watches the stream."""
    REINFER = auto()
    """The caller who asked about an earlier result's clip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """One question to a model. ``id`` is also the id of the result that comes of it."""

    id: str
    purpose: Purpose
    stream_id: str
    mode: Literal["clip", "frame"]
    model: str
    backend: str
    prompt: str
    frames: tuple[Frame, ...]
    due_at: int
    output_schema: JsonSchema | None = None
    max_output_tokens: int | None = None
    temperature: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of a reply, as the model counted them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def total_tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a model made of an inference. ``latency`` in microseconds, ``None`` for the mock's default."""

    text: str = ""
    error: str | None = None
    finish_reason: FinishReason | None = "stop"
    latency: int | None = None
    usage: Usage = Usage()

    @property
    def ok(self) -> bool:
        return self.error is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An inference with its answer. Latencies in microseconds; the total counts from the newest frame."""

    inference: Inference
    answer: Answer
    latency: int
    total_latency: int
