"""A stream: a leased session that holds the recent frames of one video."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from ovs_mock.engine.billing import StreamMeter
from ovs_mock.engine.frames import FrameBuffer
from ovs_mock.engine.inference import InferencePlan, Result
from ovs_mock.engine.service import Service
from ovs_mock.util.records import record


class StreamState(StrEnum):
    PENDING = "pending"
    """No frame yet."""
    ACTIVE = "active"
    IDLE = "idle"
    """Frames came, and stopped."""


class EndReason(StrEnum):
    CLIENT_REQUESTED = "client_requested"
    WEBRTC_DISCONNECTED = "webrtc_disconnected"
    LIVEKIT_DISCONNECTED = "livekit_disconnected"
    LEASE_EXPIRED = "lease_expired"
    INSUFFICIENT_CREDITS = "insufficient_credits"


@record(frozen=True, slots=True)
class NativeSource:
    """The client publishes into a LiveKit room of the server's."""


@record(frozen=True, slots=True)
class WebRtcSource:
    """The client sends an SDP offer of its own."""

    sdp: str


@record(frozen=True, slots=True)
class LiveKitSource:
    """The server joins a room of the client's. The token is a secret and is not shown."""

    url: str
    token: str = field(repr=False)


@record(frozen=True, slots=True)
class CameraSource:
    """The server pulls a camera. Its URL holds credentials and is never shown."""

    kind: Literal["rtsp", "hls"]
    url: str = field(repr=False)


Source = NativeSource | WebRtcSource | LiveKitSource | CameraSource


@record(frozen=True, slots=True, kw_only=True)
class StreamRules:
    """How a kind of stream lives: durations in microseconds, money in microcents."""

    service: Service
    lease: int
    retention: int
    """How much video is kept."""
    evict_by_clock: bool
    """Whether frames grow old by the clock; otherwise by newer frames only."""
    tombstone: int
    idle_after: int
    departure_grace: int | None
    """How long a publisher may be away before the stream ends; ``None`` for as long as the lease lasts."""
    concurrent_streams: int | None
    needs_credits: bool
    """Whether a stream can only begin with credits."""
    microcents_per_minute: int


@record(frozen=True, slots=True)
class Ending:
    at: int
    reason: EndReason


@dataclass(slots=True, kw_only=True)
class Stream:
    """The state of one stream. Only the engine changes it."""

    id: str
    config_id: str
    key: str = field(repr=False)
    source: Source
    rules: StreamRules
    plan: InferencePlan | None
    request_id: str | None
    region: str | None
    created_at: int
    updated_at: int
    lease_expires_at: int
    meter: StreamMeter
    frames: FrameBuffer = field(default_factory=FrameBuffer)
    state: StreamState = StreamState.PENDING
    ending: Ending | None = None
    credit_refused: bool = False
    """A keepalive was refused for lack of credits since the lease was last renewed."""
    publishers: set[str] = field(default_factory=set)
    subscribers: set[str] = field(default_factory=set)
    """Result sockets that were accepted and are still there."""
    last_frame_received_at: int | None = None
    """When the last frame arrived on the clock, which need not be the instant that the frame stands for."""
    idle_suspended_until: int = 0
    """Time before this instant does not make the stream idle: the clock was moved, and no frame could arrive."""
    first_frame_at: int | None = None
    """The instant that the first frame ever stands for: zero of the stream's own clock."""
    first_inference_at: int | None = None
    pending_inferences: int = 0
    completed: int = 0
    failed: int = 0
    last_latency: int = 0

    @property
    def running(self) -> bool:
        return self.ending is None

    @property
    def transport(self) -> str:
        match self.source:
            case NativeSource():
                return "native"
            case WebRtcSource():
                return "webrtc"
            case LiveKitSource():
                return "livekit"
            case CameraSource(kind=kind):
                return kind

    def evict_old_frames(self, now: int) -> None:
        """Drop frames beyond the retention. An ended stream keeps the frames that it had at its end."""
        newest = self.frames.newest
        if newest is not None and self.running:
            edge = max(now, newest.at) if self.rules.evict_by_clock else newest.at
            self.frames.evict_before(edge - self.rules.retention)

    def change_prompt(self, prompt: str, now: int) -> None:
        """Use this prompt from the next inference on."""
        assert self.plan is not None
        self.plan = replace(self.plan, prompt=prompt)
        self.updated_at = now

    def record_result(self, result: Result) -> None:
        """Count a result that is sent to subscribers."""
        if result.answer.ok:
            self.completed += 1
        else:
            self.failed += 1
        self.last_latency = result.latency
