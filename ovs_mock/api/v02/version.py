"""v0.2: what it is, and its routes."""

from collections.abc import Sequence
from dataclasses import dataclass

from ovs_mock.api.operation import Operation, OperationKind
from ovs_mock.api.v02 import errors
from ovs_mock.api.version import ApiVersion
from ovs_mock.engine.service import Service

STREAMS = "/streams"
STREAM = STREAMS + "/{stream_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsVersion(ApiVersion):
    """A version whose results are pushed over a WebSocket."""

    max_tokens_per_second: int
    """Output tokens that a stream may ask for, for each second between two inferences."""

    @property
    def status_path(self) -> str:
        return STREAM + "/info"

    def operations(self) -> Sequence[Operation]:
        module = "api.v02.handlers"
        return (
            Operation("POST", STREAMS, f"{module}:create"),
            Operation("GET", STREAMS + "/feedback", f"{module}:list_feedback"),
            Operation("POST", STREAM + "/keepalive", f"{module}:keepalive"),
            Operation("DELETE", STREAM, f"{module}:delete"),
            Operation("PATCH", STREAM + "/config/prompt", f"{module}:update_prompt"),
            Operation("GET", self.status_path, f"{module}:info"),
            Operation("POST", STREAM + "/spectate", f"{module}:spectate"),
            Operation("POST", STREAM + "/feedback", f"{module}:give_feedback"),
            Operation("GET", "/models", f"{module}:models"),
            Operation("POST", "/chat/completions/clip", f"{module}:reinfer"),
            Operation("GET", "/healthz", "api.service.handlers:healthz"),
            Operation("GET", "/ws" + STREAM, f"{module}:results", OperationKind.SOCKET),
        )


V02 = ResultsVersion(
    name="v0.2",
    service=Service.RESULTS,
    lease_seconds=45,
    retention_seconds=60,
    streams_need_credits=True,
    max_tokens_per_second=128,
    errors=errors,
)
