"""All of the current API in one: v1beta, what the host's root has of it, billing, health and metrics."""

from functools import cache

from ovs_mock.wire.reference import operations_billing, operations_chat
from ovs_mock.wire.reference.operation import Operation, Reference, Reply
from ovs_mock.wire.reference.shape import one_of, record, ref, text
from ovs_mock.wire.v1beta.dialect import V1BETA

DESCRIPTION = "The current API: streams, chats and models of v1beta, and billing."
SHAPES = {"Health": record(status=one_of("ok", "ready", "draining"))}


def _service(path: str, summary: str, *replies: Reply) -> Operation:
    return Operation(method="GET", path=path, summary=summary, tag="Service", needs_key=False, replies=replies)


SERVICE = (
    _service("/healthz", "Whether the server is there", Reply(200, "It is.", ref("Health"))),
    _service(
        "/readyz",
        "Whether the server takes work",
        Reply(200, "It does.", ref("Health")),
        Reply(503, "It is draining.", ref("Health")),
    ),
    _service("/metrics", "Counters for Prometheus", Reply(200, "Its text format.", text(), media_type="text/plain")),
)


@cache
def reference() -> Reference:
    current, billing = operations_chat.reference(V1BETA), operations_billing.reference()
    return Reference(
        title="Overshoot API (mock)",
        version="v1beta",
        prefix="",
        description=DESCRIPTION,
        operations=(*current.operations, *operations_chat.at_root(V1BETA), *billing.operations, *SERVICE),
        shapes={**billing.shapes, **current.shapes, **SHAPES},
    )
