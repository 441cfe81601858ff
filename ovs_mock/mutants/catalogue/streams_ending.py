"""v1 and v1beta: ends of streams, unknown ids, and access to streams."""

from collections.abc import Iterator
from dataclasses import replace

from ovs_mock.api.chat import encode_streams
from ovs_mock.mutants.area import Area, version_area
from ovs_mock.mutants.catalogue.routes import any_stream, delete, in_turn, status
from ovs_mock.mutants.edits import always, put
from ovs_mock.mutants.exchange import MutantRequest
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.requests import as_owner
from ovs_mock.mutants.responses import is_foreign, is_own, on, respond

CHAT_ENDING = Area("chat/ending")

NOT_FOUND = {"detail": "Stream not found."}


def _has_ended(request: MutantRequest) -> bool:
    stream = request.stream
    return is_own(request) and stream is not None and not stream.running


def _deletes(version: str) -> Iterator[Mutant]:
    area = version_area(version, "ending")
    route = delete(version)
    yield area(
        "delete-repeated-404", "a second DELETE is 404", override=respond(route, 404, NOT_FOUND, when=_has_ended)
    )
    yield area("delete-204", "DELETE is 204 without a body", on(route, 200, always(None), to=204))
    yield area(
        "delete-not-deleted", "deleted is false when a stream is deleted again", on(route, 200, put("deleted", "yes"))
    )
    yield area(
        "delete-always-200",
        "DELETE of a stream that is not there is 200",
        override=respond(
            route,
            200,
            encode_streams.deleted("00000000-0000-4000-8000-000000000000"),
            when=lambda request: request.stream is None and request.account is not None,
        ),
    )
    yield area("delete-of-anothers-stream", "DELETE ends the stream of another user", headers=as_owner(route))
    yield area(
        "delete-keeps-running",
        "DELETE is answered, but the stream goes on",
        override=lambda request: (
            respond(route, 200, encode_streams.deleted(request.stream_id))(request) if is_own(request) else None
        ),
    )


def _ids(version: str) -> Iterator[Mutant]:
    area = version_area(version, "ending")
    yield area(
        "malformed-id-404", "an id that is no UUID is 404", on(any_stream(version), 422, always(NOT_FOUND), to=404)
    )
    yield area("unknown-id-422", "an id of no stream is 422", on(any_stream(version), 404, to=422))
    yield area("status-of-anothers-stream", "anybody may see a stream", headers=as_owner(status(version)))
    yield area(
        "status-reveals-others",
        "the text of a 404 tells another user's stream from one that is not there",
        on(status(version), 404, put("detail", "The stream belongs to another user."), when=is_foreign),
    )
    yield area(
        "tombstone-missing",
        "a stream that has ended is unknown at once",
        override=respond((status(version), delete(version)), 404, NOT_FOUND, when=_has_ended),
    )


MUTANTS = (
    *in_turn(_deletes),
    *in_turn(_ids),
    CHAT_ENDING(
        "tombstone-for-ever",
        "streams that have ended are shown for ever",
        settings=lambda settings: replace(settings, tombstone_seconds=1e9),
    ),
)
