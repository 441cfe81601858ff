"""Request bodies of v0.2.

Unknown fields are errors inside source, processing and inference, and ignored at the top level.
"""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator
from pydantic_core import PydanticCustomError

from ovs_mock.api.bodies import LenientBody, StrictBody, checked_schema

UNION_TAGS = frozenset({"clip", "frame", "native", "webrtc", "livekit"})
MIN_CLIP_FRAMES = 3
# More frames a second than instants can tell apart.
MOST_FPS = 1_000_000


class NativeSourceBody(StrictBody):
    type: Literal["native"]


class WebRtcSourceBody(StrictBody):
    type: Literal["webrtc"]
    sdp: str = Field(min_length=1)


class LiveKitSourceBody(StrictBody):
    type: Literal["livekit"]
    url: str = Field(min_length=1)
    token: str = Field(min_length=1)


class OfferBody(StrictBody):
    """The older spelling of the webrtc source."""

    type: Literal["offer"]
    sdp: str = Field(min_length=1)


class ClipBody(StrictBody):
    """Clips: ``target_fps``, or the legacy pair ``fps`` and ``sampling_ratio``."""

    clip_length_seconds: float = Field(ge=0.1, le=60)
    delay_seconds: float = Field(gt=0)
    target_fps: int | None = Field(default=None, ge=1, le=30)
    fps: int | None = Field(default=None, gt=0)
    sampling_ratio: float | None = Field(default=None, ge=0.1, le=1)

    @model_validator(mode="after")
    def _one_way_to_sample(self) -> "ClipBody":
        legacy = (self.fps, self.sampling_ratio)
        if self.target_fps is not None and legacy != (None, None):
            raise PydanticCustomError("value_error", "give target_fps, or fps with sampling_ratio, but not both")
        if self.target_fps is None and None in legacy:
            raise PydanticCustomError("value_error", "give target_fps, or both fps and sampling_ratio")
        if self.resolved_fps * self.clip_length_seconds < MIN_CLIP_FRAMES:
            raise PydanticCustomError(
                "value_error",
                "a clip needs at least 3 frames: {fps} fps for {length} s are too few",
                {"fps": self.resolved_fps, "length": self.clip_length_seconds},
            )
        return self

    @property
    def resolved_fps(self) -> int:
        if self.target_fps is not None:
            return self.target_fps
        assert self.fps is not None
        assert self.sampling_ratio is not None
        return int(min(self.fps, MOST_FPS) * self.sampling_ratio)

    @property
    def interval_seconds(self) -> float:
        return self.delay_seconds


class FrameBody(StrictBody):
    interval_seconds: float = Field(ge=0.1, le=60)


class InferenceBody(StrictBody):
    prompt: str = Field(min_length=1)
    model: str = Field(min_length=1)
    backend: Literal["overshoot", "gemini"] = "overshoot"
    output_schema_json: dict[str, Any] | None = None
    max_output_tokens: int | None = Field(default=None, gt=0)

    @field_validator("output_schema_json")
    @classmethod
    def _is_json_schema(cls, schema: dict[str, Any] | None) -> dict[str, Any] | None:
        return checked_schema(schema)


class ClientBody(LenientBody):
    request_id: str | None = None


def _processing_kind(value: Any) -> str:
    return "frame" if isinstance(value, dict) and "interval_seconds" in value else "clip"


SourceBody = Annotated[NativeSourceBody | WebRtcSourceBody | LiveKitSourceBody, Field(discriminator="type")]
ProcessingBody = Annotated[
    Annotated[ClipBody, Tag("clip")] | Annotated[FrameBody, Tag("frame")], Discriminator(_processing_kind)
]


class CreateStreamBody(LenientBody):
    source: SourceBody | None = None
    webrtc: OfferBody | None = None
    processing: ProcessingBody
    mode: Literal["clip", "frame"] | None = None
    inference: InferenceBody
    client: ClientBody | None = None


class PromptBody(StrictBody):
    prompt: str = Field(min_length=1)


class FeedbackBody(StrictBody):
    rating: int = Field(ge=0, le=10)
    category: str = Field(min_length=1)
    feedback: str = ""


class ReinferBody(LenientBody):
    result_id: str = Field(min_length=1)
    prompt: str = Field(min_length=1)
    model: str = Field(min_length=1)
    temperature: float | None = Field(default=None, ge=0)
    max_tokens: int | None = Field(default=None, gt=0)
    output_schema: dict[str, Any] | None = None

    @field_validator("output_schema")
    @classmethod
    def _is_json_schema(cls, schema: dict[str, Any] | None) -> dict[str, Any] | None:
        return checked_schema(schema)
