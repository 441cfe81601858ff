"""In what one version of chats differs from another, and the routes that all of them have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ovs_mock.api.chat.regions import DEFAULT_REGION, HEADER
from ovs_mock.api.operation import Operation, OperationKind
from ovs_mock.api.version import ApiVersion
from ovs_mock.engine.models import ModelStatus
from ovs_mock.engine.references import Evicted
from ovs_mock.engine.service import Service
from ovs_mock.engine.stream import EndReason

STREAMS = "/streams"
STREAM = STREAMS + "/{stream_id}"
ROOT_PATHS = ("/models", "/chat/completions")
END_REASONS: Mapping[EndReason, str] = {
    EndReason.CLIENT_REQUESTED: "deleted",
    EndReason.LEASE_EXPIRED: "expired",
    EndReason.INSUFFICIENT_CREDITS: "expired",
    EndReason.LIVEKIT_DISCONNECTED: "expired",
    EndReason.WEBRTC_DISCONNECTED: "expired",
}
"""What chats call the reasons for which streams end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatVersion(ApiVersion):
    """A version with chats about frames. Its instances, side by side, are the table of differences."""

    service: Service = Service.CHAT
    evicted: Evicted
    """What an index older than the buffer refers to."""
    rate_limited: bool
    """Whether chats are counted, and responses tell how many are left."""
    regions: bool
    """Whether requests may name a region, and responses name theirs."""
    cameras: bool
    """Whether a stream can pull a camera, and shows its source."""
    viewers: bool
    """Whether a stream gives out tokens to watch it."""
    stream_time_before_frames: int | None
    """``stream_time_ms`` of a stream without a frame yet."""
    ended_streams_expire: bool
    """Whether a stream that has ended still shows when its lease would have expired."""
    end_reasons: Mapping[EndReason, str] = field(default_factory=lambda: END_REASONS)
    model_statuses: Mapping[ModelStatus, str | None]
    """What the list of models calls each status; a model with ``None`` is left out."""
    passthrough_models: bool
    """Whether the list has models that other providers run."""

    @property
    def status_path(self) -> str:
        return STREAM

    def operations(self) -> Sequence[Operation]:
        streams, completions = "api.chat.streams", "api.chat.completions"
        viewer_token = Operation("POST", STREAM + "/viewer-token", f"{streams}:viewer_token")
        return (
            Operation("POST", STREAMS, f"{streams}:create"),
            Operation("GET", self.status_path, f"{streams}:status"),
            Operation("POST", STREAM + "/keepalive", f"{streams}:keepalive"),
            Operation("DELETE", STREAM, f"{streams}:delete"),
            *([viewer_token] if self.viewers else []),
            Operation("POST", "/chat/completions", f"{completions}:complete", OperationKind.CHAT),
            Operation("GET", "/models", f"{streams}:models"),
        )

    def response_headers(self, region: str | None) -> dict[str, str]:
        return {HEADER: region or DEFAULT_REGION} if self.regions else {}

    def paths(self, operation: Operation) -> Sequence[str]:
        also_at_root = self.at_root and operation.path in ROOT_PATHS
        return (self.prefix + operation.path, *([operation.path] if also_at_root else []))

    def owns(self, path: str) -> bool:
        return path.startswith(self.prefix + "/") or (self.at_root and path in ROOT_PATHS)
