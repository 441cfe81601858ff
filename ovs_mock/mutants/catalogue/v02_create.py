"""v0.2: what a new stream is answered with."""

from dataclasses import replace

from ovs_mock.engine.commands import CreateStream
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.service import Service
from ovs_mock.engine.state import EngineState
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import CREATE
from ovs_mock.mutants.edits import change, drop, put, rename
from ovs_mock.mutants.engines import edit_command
from ovs_mock.mutants.responses import on

AREA = Area("v02/create")
V02_LEASE = Area("v02/lease")


def _short_lease(command: CreateStream, state: EngineState) -> CreateStream:
    if command.rules.service is not Service.RESULTS:
        return command
    return replace(command, rules=replace(command.rules, lease=30 * SECOND))


MUTANTS = (
    AREA("v02-create-200", "a new stream is 200 and not 201", on(CREATE, 201, to=200)),
    AREA("v02-create-without-lease", "a new stream has no lease object", on(CREATE, 201, drop("lease"))),
    AREA("v02-create-id-renamed", "the id of a new stream is called id", on(CREATE, 201, rename("stream_id", "id"))),
    AREA(
        "v02-create-ttl-as-text",
        "the lease's ttl_seconds is a string",
        on(CREATE, 201, change("lease.ttl_seconds", str)),
    ),
    AREA(
        "v02-create-lease-with-more",
        "the lease object has one key more, which breaks the Python SDK",
        on(CREATE, 201, put("lease.renewable", True)),
    ),
    AREA(
        "v02-create-livekit-with-more",
        "the livekit object has one key more, which breaks the Python SDK",
        on(CREATE, 201, put("livekit.room", "room")),
    ),
    AREA(
        "v02-create-transports-left-out",
        "the transport fields that are not the source's are left out instead of null",
        on(CREATE, 201, drop("webrtc"), drop("turn_servers")),
    ),
    AREA(
        "v02-create-without-livekit",
        "a native stream is not told where to publish",
        on(CREATE, 201, put("livekit", None)),
    ),
    AREA(
        "v02-create-livekit-over-http",
        "the LiveKit address begins with http instead of ws",
        on(CREATE, 201, change("livekit.url", lambda url: url.replace("ws", "http", 1))),
    ),
    V02_LEASE("v02-lease-of-30", "leases last 30 seconds, and say so", engine=edit_command(CreateStream, _short_lease)),
    V02_LEASE(
        "v02-lease-announced-longer",
        "a new stream says 60 seconds of a lease that lasts 45",
        on(CREATE, 201, put("lease.ttl_seconds", 60)),
    ),
)
