"""Which entries somebody asks for over HTTP. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

from ovs_mock.journal.encode_entries import KINDS
from ovs_mock.journal.entries import EngineEvent, Entry, Request
from ovs_mock.journal.matchers import path_fits

MOST = 10_000
USUAL = 1_000


class InvalidQueryError(ValueError):
    """A query that is none. The message says what was wrong and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryQuery:
    """Entries behind number ``after``, at most ``limit`` of them, that meet all that is not ``None``."""

    after: int = 0
    limit: int = USUAL
    kind: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None
    stream_id: str | None = None
    event: str | None = None

    def fits(self, entry: Entry) -> bool:
        return (
            (self.kind is None or isinstance(entry, KINDS[self.kind]))
            and (self.path is None or path_fits(self.path, getattr(entry, "path", "")))
            and (self.stream_id is None or self.stream_id in (_about(entry) or ""))
            and (self.event is None or (isinstance(entry, EngineEvent) and type(entry.event).__name__ == self.event))
            and self._fits_call(entry)
        )

    def _fits_call(self, entry: Entry) -> bool:
        if self.method is None and self.status is None:
            return True
        return (
            isinstance(entry, Request) and self.method in (None, entry.method) and self.status in (None, entry.status)
        )


NUMBERS = {"after": (0, 10**15), "limit": (1, MOST), "status": (100, 599)}
NAMES = tuple(field.name for field in fields(EntryQuery))


def asked(query: Mapping[str, str]) -> EntryQuery:
    """What a query string means; WrongQueryError."""
    given: dict[str, Any] = {}
    for name, value in query.items():
        if name not in NAMES:
            raise InvalidQueryError(_unknown("filter", name, NAMES))
        given[name] = _number(name, value) if name in NUMBERS else value
    if "kind" in given and given["kind"] not in KINDS:
        raise InvalidQueryError(_unknown("kind", given["kind"], tuple(KINDS)))
    if "method" in given:
        given["method"] = given["method"].upper()
    return EntryQuery(**given)


def _number(name: str, value: str) -> int:
    least, most = NUMBERS[name]
    if not (value.isascii() and value.isdigit() and least <= int(value[:20]) <= most):
        raise InvalidQueryError(f"{name}={value[:40]!r}: expected a whole number from {least} to {most}")
    return int(value)


def _unknown(what: str, name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"expected {', '.join(known)}"
    return f"there is no {what} {name[:40]!r}: {hint}"


def _about(entry: Entry) -> str | None:
    """Where an entry says which stream it is about."""
    return getattr(entry, "stream_id", None) or getattr(entry, "path", None) or getattr(entry, "on", None)
