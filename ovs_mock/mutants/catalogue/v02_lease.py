"""v0.2: keepalives and ends of streams."""

from ovs_mock.engine.engine import Engine
from ovs_mock.engine.events import Event, StreamEnded
from ovs_mock.engine.service import Service
from ovs_mock.engine.state import Deadline, EngineState, RecentlyClosed
from ovs_mock.mutants import leases
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import DELETE, INFO, KEEPALIVE
from ovs_mock.mutants.edits import always, change, drop, put
from ovs_mock.mutants.engines import edit_engine, edit_event, on_deadline
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.requests import as_owner
from ovs_mock.mutants.responses import is_foreign, is_own, on, respond

AREA = Area("v02/lease")
V02_LIMITS = Area("v02/limits")
SOMETHING = {
    "status": "ok",
    "stream_id": "00000000-0000-4000-8000-000000000000",
    "ttl_seconds": 45,
    "credits_remaining_cents": 1000,
    "cost_cents": 0.0,
    "seconds_charged": 0.0,
    "livekit_token": None,
    "state": "active",
}


def _first_token(request: MutantRequest, response: MutantResponse) -> None:
    if request.matches(KEEPALIVE) and response.status == 200:
        token = response.body["livekit_token"]
        response.body["livekit_token"] = request.memory.setdefault(request.stream_id, token)


def _still_counts(event: StreamEnded, state: EngineState) -> list[Event]:
    state.running[state.streams[event.stream_id].key] += 1
    return [event]


def _forget_at_last(engine: Engine) -> None:
    """A stream whose tombstone is over is unknown."""
    engine.state.closed = RecentlyClosed(capacity=0)


def _is_repeated(request: MutantRequest) -> bool:
    stream = request.stream
    return is_own(request) and stream is not None and not stream.running


MUTANTS = (
    AREA(
        "v02-keepalive-renews-nothing",
        "a keepalive is answered, but does not renew the lease",
        engine=leases.not_renewed(Service.RESULTS),
    ),
    AREA(
        "v02-keepalive-adds-up",
        "a keepalive adds 45 seconds to what is left",
        engine=leases.accumulated(Service.RESULTS),
    ),
    AREA(
        "v02-keepalive-revives",
        "a keepalive brings back a stream that has ended",
        engine=leases.revived(Service.RESULTS),
    ),
    AREA("v02-lease-endless", "leases never run out", engine=leases.endless(Service.RESULTS)),
    AREA(
        "v02-keepalive-unknown-200",
        "a keepalive of a stream that is not there is 200",
        on(KEEPALIVE, 404, always(SOMETHING), to=200),
    ),
    AREA(
        "v02-keepalive-of-anothers-stream", "a keepalive renews the stream of another user", headers=as_owner(KEEPALIVE)
    ),
    AREA(
        "v02-keepalive-reveals-others",
        "a keepalive of another user's stream is 403",
        on(KEEPALIVE, 404, to=403, when=is_foreign),
    ),
    AREA("v02-keepalive-token-unchanged", "every keepalive gives the same token", _first_token),
    AREA(
        "v02-keepalive-token-null",
        "a keepalive of a native stream gives no token",
        on(KEEPALIVE, 200, put("livekit_token", None)),
    ),
    AREA(
        "v02-keepalive-without-state", "a keepalive does not say the stream's state", on(KEEPALIVE, 200, drop("state"))
    ),
    AREA(
        "v02-keepalive-status-renewed",
        "the status of a keepalive is renewed and not ok",
        on(KEEPALIVE, 200, put("status", "renewed")),
    ),
    AREA(
        "v02-keepalive-ttl-as-float",
        "the ttl_seconds of a keepalive have a fraction",
        on(KEEPALIVE, 200, change("ttl_seconds", lambda ttl: ttl - 0.5)),
    ),
    AREA(
        "v02-keepalive-body-required",
        "a keepalive without a body is 422",
        override=respond(
            KEEPALIVE,
            422,
            {"error": "validation_error", "message": "Request validation failed", "request_id": None, "details": []},
            when=lambda request: not request.raw.can_read_body,
        ),
    ),
    AREA(
        "v02-pending-shown-as-active",
        "a stream without a frame is active",
        on((KEEPALIVE, INFO), 200, change("state", lambda s: "active" if s == "pending" else s)),
    ),
    AREA(
        "v02-never-idle",
        "a stream whose frames have stopped stays active",
        engine=on_deadline(Deadline.IDLE, lambda stream_id, step: ()),
    ),
    AREA(
        "v02-delete-keeps-running",
        "DELETE is answered, but the stream goes on",
        override=respond(DELETE, 200, {"status": "ok"}, when=is_own),
    ),
    AREA(
        "v02-delete-always-200", "a second DELETE is 200 and not 204", on(DELETE, 204, always({"status": "ok"}), to=200)
    ),
    AREA(
        "v02-delete-repeated-404",
        "a second DELETE is 404",
        override=respond(
            DELETE,
            404,
            {"error": "not_found", "message": "Stream not found.", "request_id": None, "details": None},
            when=_is_repeated,
        ),
    ),
    AREA("v02-delete-first-204", "DELETE of a stream that runs is 204", on(DELETE, 200, always(None), to=204)),
    AREA(
        "v02-delete-unknown-204",
        "DELETE of a stream that never was is 204",
        on(DELETE, 404, always(None), to=204, when=lambda request, _: request.stream is None),
    ),
    AREA("v02-delete-of-anothers-stream", "DELETE ends the stream of another user", headers=as_owner(DELETE)),
    AREA(
        "v02-delete-status-deleted",
        "the status of a DELETE is deleted and not ok",
        on(DELETE, 200, put("status", "deleted")),
    ),
    AREA("v02-delete-forgotten", "DELETE long after the end is 404", engine=edit_engine(_forget_at_last)),
    V02_LIMITS(
        "v02-ended-streams-count",
        "streams that have ended count for the limit of concurrent ones",
        engine=edit_event(StreamEnded, _still_counts),
    ),
)
