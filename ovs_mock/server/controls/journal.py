"""The journal over HTTP."""

from typing import Any

from ovs_mock.journal.encode_entries import entry_json
from ovs_mock.journal.entries import Entry, Request
from ovs_mock.journal.query import InvalidQueryError, parse_query
from ovs_mock.server.controls.errors import ControlRequestError
from ovs_mock.server.controls.request import ControlRequest

# A response is not much longer than this, in characters of bodies; a query with ``after`` gets the rest.
MAX_BODIES = 16 * 1024 * 1024


async def entries(control: ControlRequest) -> Any:
    """Entries in order. ``more`` tells whether there are others, which a query with ``after`` finds."""
    journal = control.tenant.journal
    try:
        query = parse_query(control.request.query)
    except InvalidQueryError as error:
        raise ControlRequestError(422, str(error)) from None
    found: list[dict[str, Any]] = []
    size, more = 0, False
    for number, entry in journal.numbered(query.after):
        if not query.matches(entry):
            continue
        if len(found) == query.limit or size > MAX_BODIES:
            more = True
            break
        found.append(entry_json(number, entry))
        size += _size(entry)
    return {"entries": found, "last": journal.last_number, "more": more, "forgotten": journal.dropped}


def _size(entry: Entry) -> int:
    return len(entry.body) + len(entry.answer) if isinstance(entry, Request) else len(str(entry))
