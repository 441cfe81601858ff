"""v1 and v1beta: making streams."""

from collections.abc import Iterator
from dataclasses import replace

from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.engine.commands import CreateStream
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.service import Service
from ovs_mock.engine.state import EngineState
from ovs_mock.mutants.area import Area, version_area
from ovs_mock.mutants.catalogue.routes import create, in_turn, keepalive
from ovs_mock.mutants.edits import change, drop, put, rename
from ovs_mock.mutants.engines import edit_command
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.responses import on, respond

CHAT_LEASE = Area("chat/lease")
V1BETA_STREAMS = Area("v1beta/streams")

NO_BODY = {
    "error": "validation_error",
    "message": "Request validation failed",
    "details": [{"loc": ["body"], "msg": "Field required", "type": "missing"}],
}


def _lease_of_45(command: CreateStream, state: EngineState) -> CreateStream:
    if command.rules.service is not Service.CHAT:
        return command
    return replace(command, rules=replace(command.rules, lease=45 * SECOND))


def _needs_credits(version: str, *, needed: bool) -> "Mutant":
    def edit(of: ChatVersion) -> ChatVersion:
        return replace(of, streams_need_credits=needed) if of.prefix == f"/{version}" else of

    name = f"{version}-create-needs-credits" if needed else f"{version}-create-without-credits"
    description = "a stream cannot begin without credits" if needed else "a stream can begin without credits"
    return Area(f"{version}/streams")(name, f"{version}: {description}", chat_version=edit)


def _of(version: str) -> Iterator[Mutant]:
    area = version_area(version, "streams")
    route = create(version)
    yield area("create-200", "a new stream is 200 and not 201", on(route, 201, to=200))
    yield area(
        "create-id-renamed", "the id of a new stream is called stream_id", on(route, 201, rename("id", "stream_id"))
    )
    yield area("create-pending", "a new stream is pending and not active", on(route, 201, put("state", "pending")))
    yield area(
        "create-expires-in-seconds",
        "expires_at_ms of a new stream are seconds",
        on(route, 201, change("expires_at_ms", lambda ms: ms // 1_000)),
    )
    yield area(
        "create-ttl-as-float",
        "ttl_seconds of a new stream have a fraction",
        on(route, 201, change("ttl_seconds", lambda ttl: ttl + 0.5)),
    )
    yield area(
        "create-body-required",
        "a new stream needs a body",
        override=respond(route, 422, NO_BODY, when=lambda request: not request.raw.can_read_body),
    )
    yield area(
        "publish-type-webrtc",
        "the type of publish is webrtc",
        on((route, keepalive(version)), (200, 201), put("publish.type", "webrtc")),
    )
    yield area(
        "publish-over-http",
        "the address to publish at begins with http",
        on((route, keepalive(version)), (200, 201), change("publish.url", lambda url: url.replace("ws", "http", 1))),
    )
    yield area(
        "publish-flat",
        "url and token do not stand inside publish",
        on(route, 201, lambda body: {**body, **body.pop("publish")}),
    )


MUTANTS = (
    *in_turn(_of),
    CHAT_LEASE(
        "chat-lease-of-45",
        "v1 and v1beta: leases last 45 seconds, as in v0.2",
        engine=edit_command(CreateStream, _lease_of_45),
    ),
    V1BETA_STREAMS(
        "v1beta-create-without-source",
        "v1beta: a new stream does not say its source",
        on(create("v1beta"), 201, drop("source")),
    ),
    V1BETA_STREAMS(
        "v1beta-source-type-native",
        "v1beta: the source of a published stream is native",
        on(
            "* /v1beta/streams*",
            (200, 201),
            change("source.type", lambda kind: "native" if kind == "livekit" else kind),
        ),
    ),
    _needs_credits("v1", needed=False),
    _needs_credits("v1beta", needed=True),
)
