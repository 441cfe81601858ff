"""What v1 is."""

from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.api.v1 import errors
from ovs_mock.engine.models import ModelStatus
from ovs_mock.engine.references import Evicted
from ovs_mock.engine.stream import EndReason

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
    end_reasons={
        EndReason.CLIENT_REQUESTED: "deleted",
        EndReason.LEASE_EXPIRED: "expired",
        EndReason.INSUFFICIENT_CREDITS: "expired",
        EndReason.LIVEKIT_DISCONNECTED: "reaped",
        EndReason.WEBRTC_DISCONNECTED: "reaped",
    },
    model_statuses={
        ModelStatus.READY: "ready",
        ModelStatus.DEGRADED: "ready",
        ModelStatus.SATURATED: "ready",
        ModelStatus.LOADING: "loading",
        ModelStatus.UNAVAILABLE: None,
    },
    passthrough_models=False,
)
