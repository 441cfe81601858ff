"""Deadlines by key, earliest first."""

from collections.abc import Hashable
from heapq import heappop, heappush
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Schedule(Generic[K]):
    """At most one deadline per key; deadlines of the same instant come in the order in which they were set.

    Moving or cancelling a deadline leaves its old entry in the heap, where it counts for nothing: an entry is current
    only as long as it is the one that is kept for its key.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, K]] = []
        self._current: dict[K, tuple[int, int, K]] = {}
        self._count = 0

    def set(self, key: K, at: int) -> None:
        """Put ``key``'s deadline at ``at``, wherever it was before."""
        self._count += 1
        entry = self._current[key] = (at, self._count, key)
        heappush(self._heap, entry)
        if len(self._heap) > 2 * len(self._current) + 64:
            self._heap = sorted(self._current.values())

    def cancel(self, key: K) -> None:
        """Remove ``key``'s deadline, if it has one."""
        self._current.pop(key, None)

    def get(self, key: K) -> int | None:
        """The instant of ``key``'s deadline."""
        entry = self._current.get(key)
        return entry[0] if entry else None

    def next(self) -> int | None:
        """The instant of the earliest deadline."""
        heap = self._heap
        while heap and self._current.get(heap[0][2]) is not heap[0]:
            heappop(heap)
        return heap[0][0] if heap else None

    def pop_due(self, now: int) -> tuple[int, K] | None:
        """Remove the earliest deadline if it is not after ``now``, and return its instant and key."""
        heap = self._heap
        while heap and heap[0][0] <= now:
            entry = heappop(heap)
            at, _, key = entry
            if self._current.get(key) is entry:
                del self._current[key]
                return at, key
        return None
