"""What v1 is."""

from ovs_mock.api.chat.version import END_REASONS, ChatVersion
from ovs_mock.api.v1 import errors
from ovs_mock.engine.models import ModelStatus
from ovs_mock.engine.references import Evicted
from ovs_mock.engine.stream import EndReason

# Not among v1beta's documented reasons, which say "expired".
PUBLISHER_LOST = (EndReason.LIVEKIT_DISCONNECTED, EndReason.WEBRTC_DISCONNECTED)

V1 = ChatVersion(
    name="v1",
    at_root=False,
    lease_seconds=300,
    retention_seconds=600,
    errors=errors,
    evicted=Evicted.CLAMP,
    rate_limited=False,
    regions=False,
    cameras=False,
    viewers=False,
    streams_need_credits=True,
    stream_time_before_frames=None,
    ended_streams_expire=True,
    end_reasons={**END_REASONS, **dict.fromkeys(PUBLISHER_LOST, "reaped")},
    model_statuses={
        ModelStatus.READY: "ready",
        ModelStatus.DEGRADED: "ready",
        ModelStatus.SATURATED: "ready",
        ModelStatus.LOADING: "loading",
        ModelStatus.UNAVAILABLE: None,
    },
    passthrough_models=False,
)
