"""When a fault is met: how often, from which occasion on, by chance, within which moments. Pure."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Self, TypeGuard

from ovs_mock.engine.ids import SeededRandom
from ovs_mock.engine.instants import micros
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error


class FaultError(ValueError):
    """A fault that cannot be. The message says what was wrong and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultSchedule:
    """``count`` is how often it was said to be met, ``None`` for nothing said. Moments are in seconds."""

    count: int | None = None
    endless: bool = False
    skipped: int = 0
    nth: int = 1
    chance: tuple[float, int] | None = None
    begins: float = 0.0
    ends: float | None = None
    optional: bool = False

    def limit(self, *, lasting: bool) -> int | None:
        """How often at most; ``None`` for no end. What says nothing of it is met once."""
        if self.count is not None:
            return self.count
        goes_on = self.endless or lasting or self.nth > 1 or self.chance is not None or self.ends is not None
        return None if goes_on else 1

    @property
    def expected(self) -> int:
        """How often it has to be met at least, for a test that means what it says."""
        return 0 if self.optional or self.chance is not None else self.count or 1

    def __str__(self) -> str:
        said = [
            f"{self.count} times" if self.count is not None else "always" if self.endless else "",
            f"one in {self.nth}" if self.nth > 1 else "",
            f"in {self.chance[0]:.0%} of the cases" if self.chance else "",
            f"after {self.skipped}" if self.skipped else "",
            self._window(),
            "optional" if self.optional else "",
        ]
        return ", ".join(filter(None, said))

    def _window(self) -> str:
        if self.ends is not None:
            return f"between {self.begins:g} and {self.ends:g} s"
        return f"from {self.begins:g} s on" if self.begins else ""


class FireCounter:
    """Counts the occasions of one plan, whose moments count from ``set_at``."""

    def __init__(self, plan: FaultSchedule, set_at: int, *, lasting: bool = False) -> None:
        self.used = 0
        self._seen = 0
        self._lasting = lasting
        self._set_at = set_at
        self.plan = plan
        self._chance = SeededRandom(*plan.chance) if plan.chance else None

    def change(self, plan: FaultSchedule) -> None:
        """Go by another plan from now on."""
        if plan.chance != self.plan.chance:
            self._chance = SeededRandom(*plan.chance) if plan.chance else None
        self.plan = plan

    @property
    def begins(self) -> int:
        return self._set_at + micros(self.plan.begins)

    @property
    def ends(self) -> int | None:
        return None if self.plan.ends is None else self._set_at + micros(self.plan.ends)

    @property
    def spent(self) -> bool:
        limit = self.plan.limit(lasting=self._lasting)
        return limit is not None and self.used >= limit

    def is_open(self, now: int) -> bool:
        return self.begins <= now and (self.ends is None or now < self.ends)

    def take(self, now: int) -> bool:
        """Whether this occasion is one. Those that are passed by count for ``after`` and ``every``."""
        if self.spent or not self.is_open(now):
            return False
        self._seen += 1
        turn = self._seen - self.plan.skipped
        if turn <= 0 or turn % self.plan.nth or not (self._chance is None or self._chance.hit()):
            return False
        self.used += 1
        return True


class ScheduleBuilder(ABC):
    """The words for a plan. Each may be said of what is to be chosen, and of a fault that is set."""

    @property
    @abstractmethod
    def _plan(self) -> FaultSchedule: ...

    @abstractmethod
    def _with(self, plan: FaultSchedule) -> Self: ...

    def once(self) -> Self:
        """Once, which is so anyway for most; what goes on by itself (silence, frozen frames, skew) is met once only."""
        return self.times(1)

    def times(self, count: int) -> Self:
        """So many times, and not once only. Less often fails the test at its end."""
        check_count("times", count, 1, "for a fault that need not be met say optional()")
        return self._with(replace(self._plan, count=count, endless=False))

    def always(self) -> Self:
        """Each time, without end."""
        return self._with(replace(self._plan, count=None, endless=True))

    def every(self, nth: int) -> Self:
        """Each second, third, ``nth`` time; without end, unless ``times`` is said."""
        check_count("every", nth, 1, "every(1) is always()")
        endless = self._plan.endless or (nth == 1 and self._plan.count is None)
        return self._with(replace(self._plan, nth=nth, endless=endless))

    def rate(self, probability: float, seed: int = 0) -> Self:
        """By chance, the same for the same seed; without end, unless ``times`` is said."""
        if not is_number(probability) or not 0 < probability <= 1:
            raise FaultError(f"rate({probability!r}): expected a probability above 0 and at most 1, such as 0.1")
        return self._with(replace(self._plan, chance=(float(probability), seed)))

    def after(self, count: int) -> Self:
        """Not the first so many times."""
        check_count("after", count, 0, "to wait for a moment of the clock say at(seconds)")
        return self._with(replace(self._plan, skipped=count))

    def at(self, seconds: float) -> Self:
        """From so many seconds after it is set, on the mock's clock."""
        check_seconds(f"at({seconds!r})", seconds)
        return self._with(replace(self._plan, begins=float(seconds), ends=None))

    def between(self, begin: float, end: float) -> Self:
        """From ``begin`` until before ``end``, in seconds after it is set; each time, unless ``times`` is said."""
        for seconds in (begin, end):
            check_seconds(f"between({begin!r}, {end!r})", seconds)
        if not begin < end:
            raise FaultError(f"between({begin!r}, {end!r}): expected the earlier moment first, as in between(5, 10)")
        return self._with(replace(self._plan, begins=float(begin), ends=float(end)))

    def optional(self) -> Self:
        """It need not be met: a test that never comes to it does not fail for that."""
        return self._with(replace(self._plan, optional=True))


def check_count(name: str, count: object, least: int, hint: str = "") -> None:
    """FaultError for what does not count anything."""
    if not isinstance(count, int) or isinstance(count, bool) or count < least:
        raise FaultError(f"{name}({count!r}): expected a whole number of at least {least}{hint and f'; {hint}'}")


def check_seconds(what: str, seconds: object) -> None:
    """FaultError for what is no time to wait."""
    if not is_number(seconds) or seconds < 0:
        raise FaultError(f"{what}: expected seconds of the mock's clock, zero or more")


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether it is one, and finite."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
