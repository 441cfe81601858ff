"""The journal of one mock."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from math import inf
from typing import Any, TypeVar

from ovs_mock.engine.instants import SECOND, micros
from ovs_mock.journal.entries import EngineEvent, Entry, FaultTriggered, FramesArrived, Request, SocketMessage
from ovs_mock.journal.matchers import Path, RequestMatcher, differences
from ovs_mock.journal.timeline import timeline
from ovs_mock.runtime.clock import real_micros
from ovs_mock.util.loop_thread import blocking_hint
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error

REMEMBERED = 10_000
# Entries of these kinds that come in a row can be one.
JOINED = (FramesArrived, FaultTriggered)

E = TypeVar("E")


class Journal:
    """Everything that has happened, oldest first, at most the last 10,000 entries; ``dropped`` counts what is gone.

    Keys, tokens and passwords are hidden. May be read from any thread, while things go on happening.
    """

    looks_every = inf
    """Seconds that it waits for news at most, before it looks whether there are any: here it is told of them."""

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._entries: deque[Entry] = deque(maxlen=limit)
        self._lock = threading.Lock()
        self._cleared = 0
        self._watchers: list[Callable[[], None]] = []
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

    @property
    def last(self) -> int:
        """The number of the newest entry. Entries are counted from 1 on, and no number comes twice."""
        return self._cleared + self.dropped + len(self._entries)

    def numbered(self, after: int = 0) -> list[tuple[int, Entry]]:
        """The entries behind that number, with theirs."""
        with self._lock:
            first = self._cleared + self.dropped + 1
            skipped = max(0, after + 1 - first)
            return list(enumerate(islice(self._entries, skipped, None), first + skipped))

    def requests(
        self,
        method: str | None = None,
        path: Path | None = None,
        *,
        status: int | None = None,
        stream_id: str | None = None,
    ) -> list[Request]:
        """Calls over HTTP. In ``path`` ``*`` stands for anything: ``/v1/streams/*/keepalive``."""
        return self.calls(RequestMatcher(method, path, status, stream_id))

    def calls(self, wanted: RequestMatcher) -> list[Request]:
        """The calls that are meant."""
        return [entry for entry in self.of(Request) if wanted.fits(entry)]

    def events(self, kind: type[E], *, stream_id: str | None = None) -> list[E]:
        """What the rules said, of one kind from ``ovs_mock.events``: ``journal.events(events.StreamEnded)``."""
        happened = [entry.event for entry in self.of(EngineEvent) if stream_id in (None, entry.stream_id)]
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
        path: Path,
        *,
        times: int | None = None,
        json: Any = None,
        status: int | None = None,
    ) -> list[Request]:
        """The calls that were made so; an AssertionError that shows what was called instead when there are none.

        ``times`` is their number, at least one when it is left out. ``json`` is what the body has to hold: of an object
        only the members that are given.
        """
        wanted = RequestMatcher(method, path, status, None, json)
        found = self.calls(wanted)
        if (times is None and not found) or (times is not None and len(found) != times):
            raise AssertionError(self.instead_of(wanted, times))
        return found

    def assert_not_requested(self, method: str, path: Path) -> None:
        """An AssertionError when such a call was made."""
        self.assert_requested(method, path, times=0)

    def wait_for_request(
        self,
        method: str,
        path: Path,
        *,
        times: int = 1,
        json: Any = None,
        status: int | None = None,
        timeout: float = 10.0,
    ) -> list[Request]:
        """Wait in real time until such a call has come, ``times`` times at least since the test began; those calls.

        A call counts when it has come, and not only when it has been answered, unless ``status`` says how. ``json`` is
        as in ``assert_requested``. Raises TimeoutError after ``timeout`` seconds, which shows what was called instead.
        """
        wanted, changed = RequestMatcher(method, path, status, None, json), threading.Event()
        until = real_micros() + micros(timeout)
        with self.watched(changed.set):
            while len(found := self.calls(wanted)) < times:
                if (left := (until - real_micros()) / SECOND) <= 0:
                    said = self.instead_of(wanted, times)
                    raise TimeoutError(f"waited {timeout:g} s{blocking_hint()}: {said}")
                changed.wait(min(left, self.looks_every))
                changed.clear()
        return found

    @contextmanager
    def watched(self, watcher: Callable[[], None]) -> Iterator[None]:
        """Call ``watcher``, on whatever thread it is, when something has been written or an entry has changed."""
        self._watchers.append(watcher)
        try:
            yield
        finally:
            self._watchers.remove(watcher)

    def changed(self) -> None:
        """Say that an entry is not what it was: a request was read, or answered."""
        for watcher in tuple(self._watchers):
            watcher()

    def write(self, entry: Entry) -> None:
        """Add an entry. Frames that come in a row are one, and so are those that a fault keeps off."""
        with self._lock:
            if isinstance(entry, JOINED) and self._entries and _joined(self._entries[-1], entry):
                return
            if len(self._entries) == self._entries.maxlen:
                self.dropped += 1
            self._entries.append(entry)
        self.changed()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._cleared += self.dropped + len(self._entries)
            self._entries.clear()
            self.dropped = 0

    def instead_of(self, wanted: RequestMatcher, times: int | None) -> str:
        """What was called in place of what was wanted, and what happened, in words. ``None``: at least once."""
        found = self.calls(wanted)
        count = "at least once" if times is None else f"{times} time{'' if times == 1 else 's'}"
        seen = Counter(f"{r.method} {r.path} → {r.status}" for r in self.of(Request))
        lines = [f"expected {wanted} {count}, and it was called {len(found)} times"]
        if not found and (near := differences(wanted, self.of(Request))):
            lines += ["the nearest calls:", *(f"  {line}" for line in near)]
        lines += ["all calls:", *(f"  {n} x {call}" for call, n in seen.items())] if seen else ["no calls at all"]
        return "\n".join([*lines, "what happened:", timeline(self.entries[-30:], self.dropped)])


def _joined(last: Entry, entry: Entry) -> bool:
    """Whether the entry goes on with what the last one says, which then says it for both."""
    match last, entry:
        case FramesArrived(), FramesArrived() if last.stream_id == entry.stream_id:
            last.until, last.count = entry.until, last.count + entry.count
        case FaultTriggered(), FaultTriggered() if (last.fault_id, last.on) == (entry.fault_id, entry.on):
            last.until, last.used = entry.until, entry.used
        case _:
            return False
    return True
