"""The journal over HTTP, among the controls."""

from typing import Any

from aiohttp import web

from ovs_mock.journal.encode_entries import shown
from ovs_mock.journal.entries import Entry, Request
from ovs_mock.journal.journal import Journal
from ovs_mock.journal.query import InvalidQueryError, asked
from ovs_mock.server.controls.endpoint import ControlRequestError, Endpoints

# An answer is not much longer than this, in characters of bodies; the rest is asked for with ``after``.
LONGEST = 16 * 1024 * 1024


class JournalControls:
    """Shows what has happened to one mock."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def endpoints(self) -> Endpoints:
        return {("GET", "/journal"): self.show}

    async def show(self, request: web.Request) -> Any:
        """Entries in order. ``more`` tells whether there are others, which a query with ``after`` finds."""
        try:
            wanted = asked(request.query)
        except InvalidQueryError as error:
            raise ControlRequestError(422, str(error)) from None
        found: list[dict[str, Any]] = []
        size, more = 0, False
        for number, entry in self._journal.numbered(wanted.after):
            if not wanted.fits(entry):
                continue
            if len(found) == wanted.limit or size > LONGEST:
                more = True
                break
            found.append(shown(number, entry))
            size += _size(entry)
        return {"entries": found, "last": self._journal.last, "more": more, "forgotten": self._journal.dropped}


def _size(entry: Entry) -> int:
    return len(entry.body) + len(entry.answer) if isinstance(entry, Request) else len(str(entry))
