"""The query parameters of GET /_mock/journal. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

from ovs_mock.journal.encode_entries import KINDS
from ovs_mock.journal.entries import EngineEvent, Entry, Request
from ovs_mock.journal.matchers import path_matches

MAX_LIMIT = 10_000
DEFAULT_LIMIT = 1_000


class InvalidQueryError(ValueError):
    """A query parameter is unknown or has a wrong value. The message says what is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryQuery:
    """At most ``limit`` entries after number ``after`` that match all fields that are not ``None``."""

    after: int = 0
    limit: int = DEFAULT_LIMIT
    kind: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None
    stream_id: str | None = None
    event: str | None = None

    def matches(self, entry: Entry) -> bool:
        return (
            (self.kind is None or isinstance(entry, KINDS[self.kind]))
            and (self.path is None or path_matches(self.path, getattr(entry, "path", "")))
            and (self.stream_id is None or self.stream_id in (_subject(entry) or ""))
            and (self.event is None or (isinstance(entry, EngineEvent) and type(entry.event).__name__ == self.event))
            and self._matches_call(entry)
        )

    def _matches_call(self, entry: Entry) -> bool:
        if self.method is None and self.status is None:
            return True
        return (
            isinstance(entry, Request) and self.method in (None, entry.method) and self.status in (None, entry.status)
        )


NUMBERS = {"after": (0, 10**15), "limit": (1, MAX_LIMIT), "status": (100, 599)}
NAMES = tuple(field.name for field in fields(EntryQuery))


def parse_query(query: Mapping[str, str]) -> EntryQuery:
    """Return the query of these parameters; raise InvalidQueryError for a wrong one."""
    filters: dict[str, Any] = {}
    for name, value in query.items():
        if name not in NAMES:
            raise InvalidQueryError(_unknown("filter", name, NAMES))
        filters[name] = _number(name, value) if name in NUMBERS else value
    if "kind" in filters and filters["kind"] not in KINDS:
        raise InvalidQueryError(_unknown("kind", filters["kind"], tuple(KINDS)))
    if "method" in filters:
        filters["method"] = filters["method"].upper()
    return EntryQuery(**filters)


def _number(name: str, value: str) -> int:
    least, most = NUMBERS[name]
    if not (value.isascii() and value.isdigit() and least <= int(value[:20]) <= most):
        raise InvalidQueryError(f"{name}={value[:40]!r}: expected a whole number from {least} to {most}")
    return int(value)


def _unknown(what: str, name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"expected {', '.join(known)}"
    return f"there is no {what} {name[:40]!r}: {hint}"


def _subject(entry: Entry) -> str | None:
    """The part of an entry that names its stream."""
    return getattr(entry, "stream_id", None) or getattr(entry, "path", None) or getattr(entry, "on", None)
