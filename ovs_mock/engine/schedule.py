"""Deadlines by name, earliest first."""

from collections.abc import Hashable
from heapq import heappop, heappush
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Schedule(Generic[K]):
    """At most one deadline a key; deadlines of one instant come in the order in which they were set."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, K]] = []
        self._current: dict[K, tuple[int, int]] = {}
        self._count = 0

    def set(self, key: K, at: int) -> None:
        """Put ``key``'s deadline at ``at``, wherever it was before."""
        self._count += 1
        self._current[key] = (at, self._count)
        heappush(self._heap, (at, self._count, key))

    def cancel(self, key: K) -> None:
        """Forget ``key``'s deadline, if it has one."""
        self._current.pop(key, None)
        if len(self._heap) > 2 * len(self._current) + 64:
            self._compact()

    def get(self, key: K) -> int | None:
        """When ``key`` is due."""
        entry = self._current.get(key)
        return entry[0] if entry else None

    def next(self) -> int | None:
        """The earliest deadline."""
        self._drop_stale()
        return self._heap[0][0] if self._heap else None

    def pop_due(self, now: int) -> tuple[int, K] | None:
        """Take the earliest deadline if it is not after ``now``: its instant and key."""
        self._drop_stale()
        if not self._heap or self._heap[0][0] > now:
            return None
        at, _, key = heappop(self._heap)
        del self._current[key]
        return at, key

    def _drop_stale(self) -> None:
        while self._heap and self._current.get(self._heap[0][2]) != self._heap[0][:2]:
            heappop(self._heap)

    def _compact(self) -> None:
        self._heap = sorted((at, count, key) for key, (at, count) in self._current.items())
