"""A fault that has been set: what it is about, what it does, when, and how often it was met."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

from ovs_mock.faults.schedule import FaultError, FaultSchedule, FireCounter, ScheduleBuilder
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error


class Matcher(Protocol):
    """What a fault is about. Says so as text."""

    def meets(self, target: Any) -> bool: ...

    def named(self, target: Any) -> str:
        """What was met, in words; without keys."""
        ...


@dataclass(frozen=True, slots=True)
class FaultAction:
    """What a fault does. Says so as text."""

    lasting: ClassVar[bool] = False
    """Whether it goes on, unless told otherwise; else it is met once."""

    @property
    def eager(self) -> bool:
        """Whether it happens by itself, as soon as it may, and does not wait for a call or a message."""
        return False


class Fault(ScheduleBuilder):
    """``used`` counts how often it was met."""

    def __init__(
        self,
        id_: str,
        aim: Matcher,
        deed: FaultAction,
        plan: FaultSchedule,
        set_at: int,
        forget: Callable[["Fault"], None],
    ) -> None:
        self.id = id_
        self.aim = aim
        self.deed = deed
        self.tally = FireCounter(plan, set_at, lasting=deed.lasting)
        self._forget = forget

    def __str__(self) -> str:
        plan = f" ({self._plan})" if str(self._plan) else ""
        return f"{self.aim} → {self.deed}{plan}"

    def __repr__(self) -> str:
        return f"<Fault {self.id}: {self}, used {self.used} of {self.expected}>"

    @property
    def used(self) -> int:
        return self.tally.used

    @property
    def expected(self) -> int:
        """How often it should be met at least."""
        return self._plan.expected

    @property
    def unused(self) -> bool:
        """Whether it was met less often than it was meant to be."""
        return self.used < self.expected

    def forget(self) -> None:
        """Let it be met no more."""
        self._forget(self)

    @property
    def _plan(self) -> FaultSchedule:
        return self.tally.plan

    def _with(self, plan: FaultSchedule) -> Self:
        was = self._plan
        if self.deed.eager and (plan.begins, plan.ends, plan.skipped) != (was.begins, was.ends, was.skipped):
            raise FaultError(
                f"{self.deed} happens as soon as it is set, so say when before what: "
                "faults.at(5).on_socket().drop(), not faults.on_socket().drop().at(5)"
            )
        self.tally.change(plan)
        return self
