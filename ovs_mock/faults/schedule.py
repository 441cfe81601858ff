"""When a fault fires: how often, from which occasion on, with which probability, within which time. Pure."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Self, TypeGuard

from ovs_mock.engine.ids import SeededRandom
from ovs_mock.engine.instants import micros
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error


class FaultError(ValueError):
    """A fault cannot be set. The message says what was wrong and what is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultSchedule:
    """When a fault fires. Each call, message or other target that matches is an occasion.

    Attributes:
        count: How many times it fires, and has to; ``None`` when not given.
        endless: Whether it fires without limit.
        skip: How many occasions pass before the first that counts.
        nth: It fires on every nth occasion.
        chance: The probability that it fires on an occasion, and the seed of the random numbers.
        begins: Seconds after it is set from which on it fires.
        ends: Seconds after it is set before which it fires; ``None`` for no end.
        optional: Whether a test passes though it never fires.
    """

    count: int | None = None
    endless: bool = False
    skip: int = 0
    nth: int = 1
    chance: tuple[float, int] | None = None
    begins: float = 0.0
    ends: float | None = None
    optional: bool = False

    def limit(self, *, unlimited: bool) -> int | None:
        """Maximum number of times the fault fires, 1 by default; ``None`` means unlimited."""
        if self.count is not None:
            return self.count
        repeats = self.endless or unlimited or self.nth > 1 or self.chance is not None or self.ends is not None
        return None if repeats else 1

    @property
    def expected(self) -> int:
        """Minimum number of times the fault has to fire for the test to pass."""
        return 0 if self.optional or self.chance is not None else self.count or 1

    def __str__(self) -> str:
        parts = [
            f"{self.count} times" if self.count is not None else "always" if self.endless else "",
            f"one in {self.nth}" if self.nth > 1 else "",
            f"in {self.chance[0]:.0%} of the cases" if self.chance else "",
            f"after {self.skip}" if self.skip else "",
            self._window(),
            "optional" if self.optional else "",
        ]
        return ", ".join(filter(None, parts))

    def _window(self) -> str:
        if self.ends is not None:
            return f"between {self.begins:g} and {self.ends:g} s"
        return f"from {self.begins:g} s on" if self.begins else ""


class FireCounter:
    """Counts the occasions of one fault. Its times count from ``set_at``, in microseconds."""

    def __init__(self, schedule: FaultSchedule, set_at: int, *, unlimited: bool = False) -> None:
        self.fired = 0
        self._seen = 0
        self._unlimited = unlimited
        self._set_at = set_at
        self.schedule = schedule
        self._chance = SeededRandom(*schedule.chance) if schedule.chance else None

    def change(self, schedule: FaultSchedule) -> None:
        """Use another schedule from now on."""
        if schedule.chance != self.schedule.chance:
            self._chance = SeededRandom(*schedule.chance) if schedule.chance else None
        self.schedule = schedule

    @property
    def begins(self) -> int:
        return self._set_at + micros(self.schedule.begins)

    @property
    def ends(self) -> int | None:
        return None if self.schedule.ends is None else self._set_at + micros(self.schedule.ends)

    @property
    def exhausted(self) -> bool:
        limit = self.schedule.limit(unlimited=self._unlimited)
        return limit is not None and self.fired >= limit

    def is_open(self, now: int) -> bool:
        return self.begins <= now and (self.ends is None or now < self.ends)

    def try_fire(self, now: int) -> bool:
        """Count an occasion; return whether the fault fires on it. Skipped occasions count for ``skip`` and ``nth``."""
        if self.exhausted or not self.is_open(now):
            return False
        self._seen += 1
        turn = self._seen - self.schedule.skip
        if turn <= 0 or turn % self.schedule.nth or not (self._chance is None or self._chance.hit()):
            return False
        self.fired += 1
        return True


class ScheduleBuilder(ABC):
    """Methods that say when a fault fires; each returns the object with the new schedule."""

    def __init__(self, schedule: FaultSchedule) -> None:
        self._schedule = schedule

    @abstractmethod
    def _with(self, schedule: FaultSchedule) -> Self: ...

    def once(self) -> Self:
        """Fire once, which is the default except for silence, frozen frames, skew and a window (unlimited)."""
        return self.times(1)

    def times(self, count: int) -> Self:
        """Fire ``count`` times (at least 1); a test in which it fires fewer times fails at its end.

        Raises:
            FaultError: If ``count`` is no whole number of at least 1.
        """
        check_count("times", count, 1, "for a fault that need not be met say optional()")
        return self._with(replace(self._schedule, count=count, endless=False))

    def always(self) -> Self:
        """Fire on every occasion, without limit."""
        return self._with(replace(self._schedule, count=None, endless=True))

    def every(self, nth: int) -> Self:
        """Fire on every nth occasion, such as every third one; without limit unless ``times()`` sets one.

        Raises:
            FaultError: If ``nth`` is no whole number of at least 1.
        """
        check_count("every", nth, 1, "every(1) is always()")
        endless = self._schedule.endless or (nth == 1 and self._schedule.count is None)
        return self._with(replace(self._schedule, nth=nth, endless=endless))

    def rate(self, probability: float, seed: int = 0) -> Self:
        """Fire at random, without limit unless ``times()`` sets one. The test passes though it never fires.

        Args:
            probability: The probability of firing on each occasion, above 0 and at most 1.
            seed: The same seed gives the same occasions.

        Raises:
            FaultError: If ``probability`` is not within its range.
        """
        if not is_number(probability) or not 0 < probability <= 1:
            raise FaultError(f"rate({probability!r}): expected a probability above 0 and at most 1, such as 0.1")
        return self._with(replace(self._schedule, chance=(float(probability), seed)))

    def after(self, count: int) -> Self:
        """Skip the first ``count`` occasions.

        Raises:
            FaultError: If ``count`` is no whole number of at least 0.
        """
        check_count("after", count, 0, "to wait for a moment of the clock say at(seconds)")
        return self._with(replace(self._schedule, skip=count))

    def at(self, seconds: float) -> Self:
        """Fire only from ``seconds`` after it is set, on the mock's clock.

        Raises:
            FaultError: If ``seconds`` is negative or no finite number.
        """
        check_seconds(f"at({seconds!r})", seconds)
        return self._with(replace(self._schedule, begins=float(seconds), ends=None))

    def between(self, begin: float, end: float) -> Self:
        """Fire only from ``begin`` until before ``end``, in seconds after it is set; on every occasion by default.

        Raises:
            FaultError: If one of them is negative or no finite number, or ``begin`` is not before ``end``.
        """
        for seconds in (begin, end):
            check_seconds(f"between({begin!r}, {end!r})", seconds)
        if not begin < end:
            raise FaultError(f"between({begin!r}, {end!r}): expected the earlier moment first, as in between(5, 10)")
        return self._with(replace(self._schedule, begins=float(begin), ends=float(end)))

    def optional(self) -> Self:
        """Let the test pass even if the fault never fires."""
        return self._with(replace(self._schedule, optional=True))


def check_count(name: str, count: object, least: int, hint: str = "") -> None:
    """Raise FaultError unless ``count`` is a whole number of at least ``least``."""
    if not isinstance(count, int) or isinstance(count, bool) or count < least:
        raise FaultError(f"{name}({count!r}): expected a whole number of at least {least}{hint and f'; {hint}'}")


def check_seconds(name: str, seconds: object) -> None:
    """Raise FaultError unless ``seconds`` is a finite number and not negative."""
    if not is_number(seconds) or seconds < 0:
        raise FaultError(f"{name}: expected seconds of the mock's clock, zero or more")


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether the value is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
