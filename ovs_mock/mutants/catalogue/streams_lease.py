"""v1 and v1beta: keepalives."""

from collections.abc import Callable, Iterator

from ovs_mock.engine.service import Service
from ovs_mock.mutants import leases
from ovs_mock.mutants.area import Area, version_area
from ovs_mock.mutants.catalogue.routes import create, in_turn, keepalive
from ovs_mock.mutants.edits import change, drop, put
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.requests import as_owner
from ovs_mock.mutants.responses import is_foreign, on

CHAT_LEASE = Area("chat/lease")


def _same_token(version: str) -> Callable[[MutantRequest, MutantResponse], None]:
    """Every keepalive of a stream repeats the first token that was given for it."""

    def edit(request: MutantRequest, response: MutantResponse) -> None:
        made = request.matches(create(version)) and response.status == 201
        if not (made or (request.matches(keepalive(version)) and response.status == 200)):
            return
        publish = response.body["publish"]
        if publish is not None:
            publish["token"] = request.memory.setdefault(response.body["id"], publish["token"])

    return edit


def _same_expiry(version: str) -> Callable[[MutantRequest, MutantResponse], None]:
    """Keepalives show when the lease would have run out without them."""

    def edit(request: MutantRequest, response: MutantResponse) -> None:
        if request.matches(create(version)) and response.status == 201:
            request.memory[response.body["id"]] = response.body["expires_at_ms"]
        if request.matches(keepalive(version)) and response.status == 200:
            response.body["expires_at_ms"] = request.memory.get(response.body["id"], response.body["expires_at_ms"])

    return edit


def _of(version: str) -> Iterator[Mutant]:
    area = version_area(version, "lease")
    route = keepalive(version)
    yield area("keepalive-token-unchanged", "every keepalive gives the same token", _same_token(version))
    yield area("keepalive-without-publish", "a keepalive gives no publish", on(route, 200, drop("publish")))
    yield area(
        "keepalive-time-null",
        "stream_time_ms of a keepalive is null before the first frame",
        on(route, 200, change("stream_time_ms", lambda time: time or None)),
    )
    yield area("keepalive-expiry-unchanged", "a keepalive shows the old expires_at_ms", _same_expiry(version))
    yield area("keepalive-ttl-wrong", "a keepalive says 60 seconds", on(route, 200, put("ttl_seconds", 60)))
    yield area("keepalive-ended-410", "a keepalive of a stream that has ended is 410", on(route, 404, to=410))
    yield area("keepalive-of-anothers-stream", "a keepalive renews the stream of another user", headers=as_owner(route))
    yield area(
        "keepalive-reveals-others",
        "a keepalive of another user's stream is 403",
        on(route, 404, to=403, when=is_foreign),
    )


MUTANTS = (
    *in_turn(_of),
    CHAT_LEASE(
        "chat-keepalive-renews-nothing",
        "v1 and v1beta: a keepalive is answered, but does not renew the lease",
        engine=leases.not_renewed(Service.CHAT),
    ),
    CHAT_LEASE(
        "chat-keepalive-adds-up",
        "v1 and v1beta: a keepalive adds 300 seconds to what is left",
        engine=leases.accumulated(Service.CHAT),
    ),
    CHAT_LEASE(
        "chat-keepalive-revives",
        "v1 and v1beta: a keepalive brings back a stream that has ended",
        engine=leases.revived(Service.CHAT),
    ),
    CHAT_LEASE("chat-lease-endless", "v1 and v1beta: leases never run out", engine=leases.endless(Service.CHAT)),
)
