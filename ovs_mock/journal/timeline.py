"""Entries as lines of text, each with the seconds since the first."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from ovs_mock.journal.entries import Entry, ServerEvent
from ovs_mock.journal.text import short

WIDEST = 150


def timeline(entries: Sequence[Entry], dropped: int = 0) -> str:
    """A line an entry: ``+   45.000  stream 3f9c2a11… ended: lease_expired``. Streamed answers are one line each."""
    if not entries:
        return "nothing has happened"
    start = entries[0].at
    lines = [f"+{at - start:9.3f}  {short(text, WIDEST)}" for at, text in _told(entries)]
    return "\n".join([f"({dropped} entries before are forgotten)", *lines] if dropped else lines)


def _told(entries: Sequence[Entry]) -> Iterator[tuple[float, str]]:
    for path, group in groupby(entries, lambda entry: entry.path if isinstance(entry, ServerEvent) else None):
        told = list(group)
        if path is None or len(told) == 1:
            yield from ((entry.at, str(entry)) for entry in told)
        else:
            last = told[-1]
            yield told[0].at, f"SSE {path} → {len(told)} events, the last {getattr(last, 'data', '')}"
