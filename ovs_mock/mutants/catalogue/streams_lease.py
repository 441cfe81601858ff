"""v1 and v1beta: keepalives."""

from collections.abc import Callable, Iterator

from ovs_mock.engine.service import Service
from ovs_mock.mutants import leases
from ovs_mock.mutants.answers import is_foreign, on
from ovs_mock.mutants.catalogue.routes import create, in_turn, keepalive
from ovs_mock.mutants.edits import change, drop, put
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.requests import as_owner


def _same_token(version: str) -> Callable[[MutantRequest, MutantResponse], None]:
    """Every keepalive of a stream repeats the first token that was given for it."""

    def answer(asked: MutantRequest, reply: MutantResponse) -> None:
        made = asked.matches(create(version)) and reply.status == 201
        if not (made or (asked.matches(keepalive(version)) and reply.status == 200)):
            return
        publish = reply.body["publish"]
        if publish is not None:
            publish["token"] = asked.memory.setdefault(reply.body["id"], publish["token"])

    return answer


def _same_expiry(version: str) -> Callable[[MutantRequest, MutantResponse], None]:
    """Keepalives show when the lease would have run out without them."""

    def answer(asked: MutantRequest, reply: MutantResponse) -> None:
        if asked.matches(create(version)) and reply.status == 201:
            asked.memory[reply.body["id"]] = reply.body["expires_at_ms"]
        if asked.matches(keepalive(version)) and reply.status == 200:
            reply.body["expires_at_ms"] = asked.memory.get(reply.body["id"], reply.body["expires_at_ms"])

    return answer


def _of(version: str) -> Iterator[Mutant]:
    area = f"{version}/lease"
    route = keepalive(version)
    yield Mutant(
        name=f"{version}-keepalive-token-unchanged",
        area=area,
        description=f"{version}: every keepalive gives the same token",
        response=_same_token(version),
    )
    yield Mutant(
        name=f"{version}-keepalive-without-publish",
        area=area,
        description=f"{version}: a keepalive gives no publish",
        response=on(route, 200, drop("publish")),
    )
    yield Mutant(
        name=f"{version}-keepalive-time-null",
        area=area,
        description=f"{version}: stream_time_ms of a keepalive is null before the first frame",
        response=on(route, 200, change("stream_time_ms", lambda time: time or None)),
    )
    yield Mutant(
        name=f"{version}-keepalive-expiry-unchanged",
        area=area,
        description=f"{version}: a keepalive shows the old expires_at_ms",
        response=_same_expiry(version),
    )
    yield Mutant(
        name=f"{version}-keepalive-ttl-wrong",
        area=area,
        description=f"{version}: a keepalive says 60 seconds",
        response=on(route, 200, put("ttl_seconds", 60)),
    )
    yield Mutant(
        name=f"{version}-keepalive-ended-410",
        area=area,
        description=f"{version}: a keepalive of a stream that has ended is 410",
        response=on(route, 404, to=410),
    )
    yield Mutant(
        name=f"{version}-keepalive-of-anothers-stream",
        area=area,
        description=f"{version}: a keepalive renews the stream of another user",
        headers=as_owner(route),
    )
    yield Mutant(
        name=f"{version}-keepalive-reveals-others",
        area=area,
        description=f"{version}: a keepalive of another user's stream is 403",
        response=on(route, 404, to=403, when=is_foreign),
    )


MUTANTS = (
    *in_turn(_of),
    Mutant(
        name="chat-keepalive-renews-nothing",
        area="chat/lease",
        description="v1 and v1beta: a keepalive is answered, but does not renew the lease",
        engine=leases.not_renewed(Service.CHAT),
    ),
    Mutant(
        name="chat-keepalive-adds-up",
        area="chat/lease",
        description="v1 and v1beta: a keepalive adds 300 seconds to what is left",
        engine=leases.accumulated(Service.CHAT),
    ),
    Mutant(
        name="chat-keepalive-revives",
        area="chat/lease",
        description="v1 and v1beta: a keepalive brings back a stream that has ended",
        engine=leases.revived(Service.CHAT),
    ),
    Mutant(
        name="chat-lease-endless",
        area="chat/lease",
        description="v1 and v1beta: leases never run out",
        engine=leases.endless(Service.CHAT),
    ),
)
