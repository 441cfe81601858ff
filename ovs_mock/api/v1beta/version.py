"""What v1beta is."""

from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.api.v1beta import errors
from ovs_mock.engine.models import ModelStatus
from ovs_mock.engine.references import Evicted

V1BETA = ChatVersion(
    name="v1beta",
    at_root=True,
    lease_seconds=300,
    retention_seconds=600,
    errors=errors,
    evicted=Evicted.REFUSE,
    rate_limited=True,
    regions=True,
    cameras=True,
    viewers=True,
    streams_need_credits=False,
    stream_time_before_frames=0,
    ended_streams_expire=False,
    model_statuses={
        ModelStatus.READY: "ready",
        ModelStatus.DEGRADED: "ready",
        ModelStatus.SATURATED: "ready",
        ModelStatus.LOADING: "unavailable",
        ModelStatus.UNAVAILABLE: "unavailable",
    },
    passthrough_models=True,
)
