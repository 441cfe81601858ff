"""Entries as lines of text, each with the seconds since the first."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from ovs_mock.journal.entries import Entry, ServerEvent
from ovs_mock.journal.text import shorten

WIDEST = 150


def timeline(entries: Sequence[Entry], dropped: int = 0) -> str:
    """Return a line for each entry: ``+   45.000  stream 3f9c2a11… ended: lease_expired``; for a streamed chat, one."""
    if not entries:
        return "nothing has happened"
    start = entries[0].at
    lines = [f"+{at - start:9.3f}  {shorten(text, WIDEST)}" for at, text in _lines(entries)]
    return "\n".join([f"({dropped} entries before are forgotten)", *lines] if dropped else lines)


def _lines(entries: Sequence[Entry]) -> Iterator[tuple[float, str]]:
    for path, group in groupby(entries, lambda entry: entry.path if isinstance(entry, ServerEvent) else None):
        entries_ = list(group)
        if path is None or len(entries_) == 1:
            yield from ((entry.at, str(entry)) for entry in entries_)
        else:
            last = entries_[-1]
            yield entries_[0].at, f"SSE {path} → {len(entries_)} events, the last {getattr(last, 'data', '')}"
