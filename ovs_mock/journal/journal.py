"""The journal of one mock: a record of calls, sockets, frames, faults and events, for tests to read."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from math import inf
from typing import Any, TypeVar

from ovs_mock.engine.instants import SECOND, micros
from ovs_mock.journal.entries import EngineEvent, Entry, FaultTriggered, FramesArrived, Request, SocketMessage
from ovs_mock.journal.matchers import Path, RequestMatcher, nearest
from ovs_mock.journal.timeline import timeline
from ovs_mock.runtime.clock import real_micros
from ovs_mock.util.loop_thread import blocking_hint
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error

MAX_ENTRIES = 10_000
# Entries of these kinds that come in a row can be one.
JOINED = (FramesArrived, FaultTriggered)

E = TypeVar("E")


class Journal:
    """Everything that has happened, oldest first. Keys, tokens and passwords are hidden.

    Iterate over it, or use ``requests()``, ``events()`` and ``messages()``; ``str()`` is a timeline. All methods may be
    called from any thread.

    Attributes:
        dropped: How many of the oldest entries are gone: the journal keeps the last 10,000.
    """

    poll_interval = inf
    """Seconds between polls while waiting; infinite here, as every change is notified."""

    def __init__(self, limit: int = MAX_ENTRIES) -> None:
        self._entries: deque[Entry] = deque(maxlen=limit)
        self._lock = threading.Lock()
        self._cleared = 0
        self._listeners: list[Callable[[], None]] = []
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __str__(self) -> str:
        return timeline(self.entries, self.dropped)

    @property
    def entries(self) -> list[Entry]:
        """All entries, oldest first."""
        with self._lock:
            return list(self._entries)

    @property
    def last_number(self) -> int:
        """The number of the newest entry. Entries are numbered from 1; a number is never used twice."""
        return self._cleared + self.dropped + len(self._entries)

    def numbered(self, after: int = 0) -> list[tuple[int, Entry]]:
        """Return the entries after that number, each with its own."""
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
        """Return HTTP calls, oldest first, by what is given.

        Args:
            method: Only calls with this method.
            path: Only calls of this path, in which ``*`` stands for anything: ``/v1/streams/*/keepalive``. A compiled
                pattern is searched for.
            status: Only calls that were answered with this HTTP status.
            stream_id: Only calls whose path names this stream.
        """
        return self.matching(RequestMatcher(method, path, status, stream_id))

    def matching(self, matcher: RequestMatcher) -> list[Request]:
        """Return the calls that match."""
        return [entry for entry in self.by_kind(Request) if matcher.matches(entry)]

    def events(self, kind: type[E], *, stream_id: str | None = None) -> list[E]:
        """Return the engine's events of one class of ``ovs_mock.events``: ``journal.events(events.StreamEnded)``."""
        found = [entry.event for entry in self.by_kind(EngineEvent) if stream_id in (None, entry.stream_id)]
        return [event for event in found if isinstance(event, kind)]

    def messages(self, *, sent: bool | None = None, stream_id: str | None = None) -> list[SocketMessage]:
        """Return messages of result sockets; ``sent=True`` for those of the mock, ``False`` for those of clients."""
        return [
            entry
            for entry in self.by_kind(SocketMessage)
            if sent in (None, entry.sent) and (stream_id is None or stream_id in entry.path)
        ]

    def by_kind(self, kind: type[E]) -> list[E]:
        """Return the entries of one class of ``ovs_mock.journal.entries``."""
        return [entry for entry in self.entries if isinstance(entry, kind)]

    def since(self, at: float) -> list[Entry]:
        """Return the entries from a time on, in seconds like ``ovs.now()``."""
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
        """Assert that a call was made, and return all such calls.

        Args:
            method: The method, such as ``POST``.
            path: The path, in which ``*`` stands for anything, or a compiled pattern that is searched for.
            times: How many such calls there have to be; at least one by default.
            json: What the body has to contain. An object may have more members than given; lists have to be equal.
            status: The HTTP status that they were answered with.

        Raises:
            AssertionError: If there are none, or not that many; it shows the calls that were made.
        """
        matcher = RequestMatcher(method, path, status, None, json)
        found = self.matching(matcher)
        if (times is None and not found) or (times is not None and len(found) != times):
            raise AssertionError(self.describe_mismatch(matcher, times))
        return found

    def assert_not_requested(self, method: str, path: Path) -> None:
        """Raise an AssertionError if such a call was made."""
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
        """Wait in real time until a call has been made, and return all such calls.

        A call counts as soon as it has come in, or with ``status`` once it has been answered so.

        Args:
            method: The method, such as ``POST``.
            path: As in ``assert_requested``.
            times: The number of calls to wait for, counted from the start of the test.
            json: As in ``assert_requested``.
            status: The HTTP status that they were answered with.
            timeout: Maximum time to wait, in seconds.

        Raises:
            TimeoutError: If there are not that many in time; it shows the calls that were made.
        """
        matcher, changed = RequestMatcher(method, path, status, None, json), threading.Event()
        until = real_micros() + micros(timeout)
        with self.listening(changed.set):
            while len(found := self.matching(matcher)) < times:
                if (left := (until - real_micros()) / SECOND) <= 0:
                    mismatch = self.describe_mismatch(matcher, times)
                    raise TimeoutError(f"waited {timeout:g} s{blocking_hint()}: {mismatch}")
                changed.wait(min(left, self.poll_interval))
                changed.clear()
        return found

    @contextmanager
    def listening(self, callback: Callable[[], None]) -> Iterator[None]:
        """Call ``callback``, on any thread, whenever an entry is written or has changed."""
        self._listeners.append(callback)
        try:
            yield
        finally:
            self._listeners.remove(callback)

    def notify(self) -> None:
        """Notify listeners that an entry has changed: a request was read, or answered."""
        for watcher in tuple(self._listeners):
            watcher()

    def write(self, entry: Entry) -> None:
        """Add an entry. Frames that come in a row are one, and so are those that a fault keeps off."""
        with self._lock:
            if isinstance(entry, JOINED) and self._entries and _merged(self._entries[-1], entry):
                return
            if len(self._entries) == self._entries.maxlen:
                self.dropped += 1
            self._entries.append(entry)
        self.notify()

    def clear(self) -> None:
        """Remove all entries."""
        with self._lock:
            self._cleared += self.dropped + len(self._entries)
            self._entries.clear()
            self.dropped = 0

    def describe_mismatch(self, matcher: RequestMatcher, times: int | None) -> str:
        """Text of how the calls differ from what was expected; ``times=None`` expects at least one."""
        found = self.matching(matcher)
        count = "at least once" if times is None else f"{times} time{'' if times == 1 else 's'}"
        seen = Counter(f"{r.method} {r.path} → {r.status}" for r in self.by_kind(Request))
        lines = [f"expected {matcher} {count}, and it was called {len(found)} times"]
        if not found and (near := nearest(matcher, self.by_kind(Request))):
            lines += ["the nearest calls:", *(f"  {line}" for line in near)]
        lines += ["all calls:", *(f"  {n} x {call}" for call, n in seen.items())] if seen else ["no calls at all"]
        return "\n".join([*lines, "what happened:", timeline(self.entries[-30:], self.dropped)])


def _merged(last: Entry, entry: Entry) -> bool:
    """Merge the entry into the last one if it continues it; return whether it did."""
    match last, entry:
        case FramesArrived(), FramesArrived() if last.stream_id == entry.stream_id:
            last.until, last.count = entry.until, last.count + entry.count
        case FaultTriggered(), FaultTriggered() if (last.fault_id, last.on) == (entry.fault_id, entry.on):
            last.until, last.used = entry.until, entry.used
        case _:
            return False
    return True
