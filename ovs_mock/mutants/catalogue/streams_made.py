"""v1 and v1beta: making streams."""

from collections.abc import Iterator
from dataclasses import replace

from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.engine.commands import CreateStream
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.service import Service
from ovs_mock.engine.state import EngineState
from ovs_mock.mutants.answers import instead, on
from ovs_mock.mutants.catalogue.routes import create, in_turn, keepalive
from ovs_mock.mutants.edits import change, drop, put, rename
from ovs_mock.mutants.engines import asking
from ovs_mock.mutants.mutant import Mutant

NO_BODY = {
    "error": "validation_error",
    "message": "Request validation failed",
    "details": [{"loc": ["body"], "msg": "Field required", "type": "missing"}],
}


def _lease_of_45(command: CreateStream, world: EngineState) -> CreateStream:
    if command.rules.service is not Service.CHAT:
        return command
    return replace(command, rules=replace(command.rules, lease=45 * SECOND))


def _needs_credits(version: str, *, needed: bool) -> "Mutant":
    def dialect(of: ChatVersion) -> ChatVersion:
        return replace(of, streams_need_credits=needed) if of.prefix == f"/{version}" else of

    name = f"{version}-create-needs-credits" if needed else f"{version}-create-without-credits"
    description = "a stream cannot begin without credits" if needed else "a stream can begin without credits"
    return Mutant(name=name, area=f"{version}/streams", description=f"{version}: {description}", chat_version=dialect)


def _of(version: str) -> Iterator[Mutant]:
    area = f"{version}/streams"
    route = create(version)
    yield Mutant(
        name=f"{version}-create-200",
        area=area,
        description=f"{version}: a new stream is 200 and not 201",
        response=on(route, 201, to=200),
    )
    yield Mutant(
        name=f"{version}-create-id-renamed",
        area=area,
        description=f"{version}: the id of a new stream is called stream_id",
        response=on(route, 201, rename("id", "stream_id")),
    )
    yield Mutant(
        name=f"{version}-create-pending",
        area=area,
        description=f"{version}: a new stream is pending and not active",
        response=on(route, 201, put("state", "pending")),
    )
    yield Mutant(
        name=f"{version}-create-expires-in-seconds",
        area=area,
        description=f"{version}: expires_at_ms of a new stream are seconds",
        response=on(route, 201, change("expires_at_ms", lambda ms: ms // 1_000)),
    )
    yield Mutant(
        name=f"{version}-create-ttl-as-float",
        area=area,
        description=f"{version}: ttl_seconds of a new stream have a fraction",
        response=on(route, 201, change("ttl_seconds", lambda ttl: ttl + 0.5)),
    )
    yield Mutant(
        name=f"{version}-create-body-required",
        area=area,
        description=f"{version}: a new stream needs a body",
        override=instead(route, 422, NO_BODY, when=lambda asked: not asked.request.can_read_body),
    )
    yield Mutant(
        name=f"{version}-publish-type-webrtc",
        area=area,
        description=f"{version}: the type of publish is webrtc",
        response=on((route, keepalive(version)), (200, 201), put("publish.type", "webrtc")),
    )
    yield Mutant(
        name=f"{version}-publish-over-http",
        area=area,
        description=f"{version}: the address to publish at begins with http",
        response=on(
            (route, keepalive(version)), (200, 201), change("publish.url", lambda url: url.replace("ws", "http", 1))
        ),
    )
    yield Mutant(
        name=f"{version}-publish-flat",
        area=area,
        description=f"{version}: url and token do not stand inside publish",
        response=on(route, 201, lambda body: {**body, **body.pop("publish")}),
    )


MUTANTS = (
    *in_turn(_of),
    Mutant(
        name="chat-lease-of-45",
        area="chat/lease",
        description="v1 and v1beta: leases last 45 seconds, as in v0.2",
        engine=asking(CreateStream, _lease_of_45),
    ),
    Mutant(
        name="v1beta-create-without-source",
        area="v1beta/streams",
        description="v1beta: a new stream does not say its source",
        response=on(create("v1beta"), 201, drop("source")),
    ),
    Mutant(
        name="v1beta-source-type-native",
        area="v1beta/streams",
        description="v1beta: the source of a published stream is native",
        response=on(
            "* /v1beta/streams*",
            (200, 201),
            change("source.type", lambda kind: "native" if kind == "livekit" else kind),
        ),
    ),
    _needs_credits("v1", needed=False),
    _needs_credits("v1beta", needed=True),
)
