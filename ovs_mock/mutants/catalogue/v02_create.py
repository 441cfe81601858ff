"""v0.2: what a new stream is answered with."""

from dataclasses import replace

from ovs_mock.engine.commands import CreateStream
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.service import Service
from ovs_mock.engine.state import EngineState
from ovs_mock.mutants.answers import on
from ovs_mock.mutants.catalogue.routes import CREATE
from ovs_mock.mutants.edits import change, drop, put, rename
from ovs_mock.mutants.engines import asking
from ovs_mock.mutants.mutant import Mutant

AREA = "v02/create"


def _short_lease(command: CreateStream, world: EngineState) -> CreateStream:
    if command.rules.service is not Service.RESULTS:
        return command
    return replace(command, rules=replace(command.rules, lease=30 * SECOND))


MUTANTS = (
    Mutant(
        name="v02-create-200",
        area=AREA,
        description="a new stream is 200 and not 201",
        response=on(CREATE, 201, to=200),
    ),
    Mutant(
        name="v02-create-without-lease",
        area=AREA,
        description="a new stream has no lease object",
        response=on(CREATE, 201, drop("lease")),
    ),
    Mutant(
        name="v02-create-id-renamed",
        area=AREA,
        description="the id of a new stream is called id",
        response=on(CREATE, 201, rename("stream_id", "id")),
    ),
    Mutant(
        name="v02-create-ttl-as-text",
        area=AREA,
        description="the lease's ttl_seconds is a string",
        response=on(CREATE, 201, change("lease.ttl_seconds", str)),
    ),
    Mutant(
        name="v02-create-lease-with-more",
        area=AREA,
        description="the lease object has one key more, which breaks the Python SDK",
        response=on(CREATE, 201, put("lease.renewable", True)),
    ),
    Mutant(
        name="v02-create-livekit-with-more",
        area=AREA,
        description="the livekit object has one key more, which breaks the Python SDK",
        response=on(CREATE, 201, put("livekit.room", "room")),
    ),
    Mutant(
        name="v02-create-transports-left-out",
        area=AREA,
        description="the transport fields that are not the source's are left out instead of null",
        response=on(CREATE, 201, drop("webrtc"), drop("turn_servers")),
    ),
    Mutant(
        name="v02-create-without-livekit",
        area=AREA,
        description="a native stream is not told where to publish",
        response=on(CREATE, 201, put("livekit", None)),
    ),
    Mutant(
        name="v02-create-livekit-over-http",
        area=AREA,
        description="the LiveKit address begins with http instead of ws",
        response=on(CREATE, 201, change("livekit.url", lambda url: url.replace("ws", "http", 1))),
    ),
    Mutant(
        name="v02-lease-of-30",
        area="v02/lease",
        description="leases last 30 seconds, and say so",
        engine=asking(CreateStream, _short_lease),
    ),
    Mutant(
        name="v02-lease-announced-longer",
        area="v02/lease",
        description="a new stream says 60 seconds of a lease that lasts 45",
        response=on(CREATE, 201, put("lease.ttl_seconds", 60)),
    ),
)
