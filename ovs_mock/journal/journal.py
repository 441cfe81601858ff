"""The journal of one mock."""

import re
import threading
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any, TypeVar

from ovs_mock.journal.entries import Entry, FramesArrived, Happened, Request, SocketMessage
from ovs_mock.journal.matching import Wanted, differences
from ovs_mock.journal.timeline import timeline

REMEMBERED = 10_000

E = TypeVar("E")


class Journal:
    """Everything that has happened, oldest first, at most the last 10,000 entries; ``dropped`` counts what is gone.

    Keys, tokens and passwords are hidden. May be read from any thread, while things go on happening.
    """

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._entries: deque[Entry] = deque(maxlen=limit)
        self._lock = threading.Lock()
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __str__(self) -> str:
        return timeline(self.entries, self.dropped)

    @property
    def entries(self) -> list[Entry]:
        """All entries."""
        with self._lock:
            return list(self._entries)

    def requests(
        self,
        method: str | None = None,
        path: str | re.Pattern[str] | None = None,
        *,
        status: int | None = None,
        stream_id: str | None = None,
    ) -> list[Request]:
        """Calls over HTTP. In ``path`` ``*`` stands for anything: ``/v1/streams/*/keepalive``."""
        wanted = Wanted(method, path, status, stream_id)
        return [entry for entry in self.of(Request) if wanted.fits(entry)]

    def events(self, kind: type[E], *, stream_id: str | None = None) -> list[E]:
        """What the rules said, of one kind from ``ovs_mock.events``: ``journal.events(events.StreamEnded)``."""
        happened = [entry.event for entry in self.of(Happened) if stream_id in (None, entry.stream_id)]
        return [event for event in happened if isinstance(event, kind)]

    def messages(self, *, sent: bool | None = None, stream_id: str | None = None) -> list[SocketMessage]:
        """Messages of result sockets; ``sent=True`` for those of the mock, ``False`` for those of clients."""
        return [
            entry
            for entry in self.of(SocketMessage)
            if sent in (None, entry.sent) and (stream_id is None or stream_id in entry.path)
        ]

    def of(self, kind: type[E]) -> list[E]:
        """Entries of one kind."""
        return [entry for entry in self.entries if isinstance(entry, kind)]

    def since(self, at: float) -> list[Entry]:
        """Entries from an instant on, in seconds as ``ovs.now()`` gives them."""
        return [entry for entry in self.entries if entry.at >= at]

    def assert_requested(
        self,
        method: str,
        path: str | re.Pattern[str],
        *,
        times: int | None = None,
        json: Any = None,
        status: int | None = None,
    ) -> list[Request]:
        """The calls that were made so; an AssertionError that shows what was called instead when there are none.

        ``times`` is their number, at least one when it is left out. ``json`` is what the body has to hold: of an object
        only the members that are given.
        """
        wanted = Wanted(method, path, status, None, json)
        found = [entry for entry in self.of(Request) if wanted.fits(entry)]
        if (times is None and not found) or (times is not None and len(found) != times):
            raise AssertionError(self._said(wanted, found, times))
        return found

    def assert_not_requested(self, method: str, path: str | re.Pattern[str]) -> None:
        """An AssertionError when such a call was made."""
        self.assert_requested(method, path, times=0)

    def write(self, entry: Entry) -> None:
        """Add an entry. Frames that come in a row are one."""
        with self._lock:
            last = self._entries[-1] if self._entries else None
            if isinstance(entry, FramesArrived) and isinstance(last, FramesArrived) and _goes_on(last, entry):
                last.until, last.count = entry.until, last.count + entry.count
                return
            if len(self._entries) == self._entries.maxlen:
                self.dropped += 1
            self._entries.append(entry)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self.dropped = 0

    def _said(self, wanted: Wanted, found: list[Request], times: int | None) -> str:
        count = "at least once" if times is None else f"{times} time{'' if times == 1 else 's'}"
        seen = Counter(f"{r.method} {r.path} → {r.status}" for r in self.of(Request))
        lines = [f"expected {wanted} {count}, and it was called {len(found)} times"]
        if not found and (near := differences(wanted, self.of(Request))):
            lines += ["the nearest calls:", *(f"  {line}" for line in near)]
        lines += ["all calls:", *(f"  {n} x {call}" for call, n in seen.items())] if seen else ["no calls at all"]
        return "\n".join([*lines, "what happened:", timeline(self.entries[-30:], self.dropped)])


def _goes_on(last: FramesArrived, entry: FramesArrived) -> bool:
    return last.stream_id == entry.stream_id
