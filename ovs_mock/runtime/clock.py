"""The only place that knows what time it is.

A clock tells virtual time: microseconds since the Unix epoch. Three kinds:

- RealClock runs with the machine's and cannot be moved.
- RunningClock runs, and can be moved forward.
- FrozenClock stands still until it is moved.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from ovs_mock.engine.instants import seconds


class ClockError(Exception):
    """The clock cannot be moved like this. The message names a way that works."""


def real_micros() -> int:
    """Real time since some fixed moment, in microseconds; independent of the virtual clock."""
    return time.monotonic_ns() // 1_000


def wall_micros() -> int:
    """The machine's own date."""
    return time.time_ns() // 1_000


class Clock(ABC):
    """What time it is, and how it passes."""

    frozen = False

    @abstractmethod
    def now(self) -> int:
        """The virtual instant. Never goes back."""

    @abstractmethod
    def delay_until(self, instant: int) -> float | None:
        """Real seconds until ``instant`` comes by itself, at least zero; ``None`` when it never will."""

    def moving(self) -> AbstractContextManager["ClockMove"]:
        """Hold the clock, to move it by hand until the block ends."""
        raise ClockError(
            "the real clock cannot be moved: use a running clock (it runs, and advance() moves it) or a frozen one"
        )


class ClockMove(ABC):
    """A clock that is held."""

    @abstractmethod
    def move_to(self, instant: int) -> None:
        """Set the clock forward to ``instant``."""


class RealClock(Clock):
    """The machine's time, without its jumps."""

    def __init__(self) -> None:
        self._offset = wall_micros() - real_micros()

    def now(self) -> int:
        return real_micros() + self._offset

    def delay_until(self, instant: int) -> float | None:
        return max(0.0, seconds(instant - self.now()))


class FrozenClock(Clock, ClockMove):
    """Stands at ``start`` (by default the machine's date) until it is moved."""

    frozen = True

    def __init__(self, start: int | None = None) -> None:
        self._now = wall_micros() if start is None else start

    def now(self) -> int:
        return self._now

    def delay_until(self, instant: int) -> float | None:
        return None

    @contextmanager
    def moving(self) -> Iterator[ClockMove]:
        yield self

    def move_to(self, instant: int) -> None:
        self._now = max(self._now, instant)


class RunningClock(Clock, ClockMove):
    """Runs with real time from ``start`` on, and further ahead with each move."""

    def __init__(self, start: int | None = None) -> None:
        self._offset = (wall_micros() if start is None else start) - real_micros()
        self._held: int | None = None

    def now(self) -> int:
        return real_micros() + self._offset if self._held is None else self._held

    def delay_until(self, instant: int) -> float | None:
        return None if self._held is not None else max(0.0, seconds(instant - self.now()))

    @contextmanager
    def moving(self) -> Iterator[ClockMove]:
        """While it is moved, the clock stands still in between: real time that a move takes does not count."""
        self._held = self.now()
        try:
            yield self
        finally:
            self._offset = self._held - real_micros()
            self._held = None

    def move_to(self, instant: int) -> None:
        assert self._held is not None, "the clock is moved inside moving()"
        self._held = max(self._held, instant)


CLOCKS: dict[str, type[RealClock | RunningClock | FrozenClock]] = {
    "real": RealClock,
    "running": RunningClock,
    "frozen": FrozenClock,
}
