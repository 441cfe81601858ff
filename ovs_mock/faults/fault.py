"""A fault that has been set: its matcher, its action, its schedule, and how often it has fired."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

from ovs_mock.faults.schedule import FaultError, FaultSchedule, FireCounter, ScheduleBuilder
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error


class Matcher(Protocol):
    """Selects a fault's targets. ``str()`` describes it."""

    def matches(self, target: Any) -> bool: ...

    def describe(self, target: Any) -> str:
        """Text for a target that matched, without keys."""
        ...


@dataclass(frozen=True, slots=True)
class FaultAction:
    """What a fault does. ``str()`` describes it."""

    unlimited: ClassVar[bool] = False
    """Whether the fault fires without limit by default; otherwise it fires once."""

    @property
    def immediate(self) -> bool:
        """Whether the fault fires as soon as it is set, without a call or a message to trigger it."""
        return False


class Fault(ScheduleBuilder):
    """A fault that has been set. The methods of a schedule, such as ``times(2)``, change when it fires.

    Attributes:
        id: ``fault-1`` for the first one of a mock.
    """

    def __init__(
        self,
        id_: str,
        matcher: Matcher,
        action: FaultAction,
        schedule: FaultSchedule,
        set_at: int,
        remove: Callable[["Fault"], None],
    ) -> None:
        super().__init__(schedule)
        self.id = id_
        self.matcher = matcher
        self.action = action
        self.counter = FireCounter(schedule, set_at, unlimited=action.unlimited)
        self._remove = remove

    def __str__(self) -> str:
        schedule = f" ({self._schedule})" if str(self._schedule) else ""
        return f"{self.matcher} → {self.action}{schedule}"

    def __repr__(self) -> str:
        return f"<Fault {self.id}: {self}, used {self.used} of {self.expected}>"

    @property
    def used(self) -> int:
        """How many times the fault has fired."""
        return self.counter.fired

    @property
    def expected(self) -> int:
        """How many times the fault must fire at least for the test to pass."""
        return self._schedule.expected

    @property
    def unused(self) -> bool:
        """Whether the fault has fired fewer times than expected."""
        return self.used < self.expected

    def forget(self) -> None:
        """Remove the fault: it no longer fires, and no longer counts as unused."""
        self._remove(self)

    def _with(self, schedule: FaultSchedule) -> Self:
        before = self._schedule
        if self.action.immediate and (schedule.begins, schedule.ends, schedule.skip) != (
            before.begins,
            before.ends,
            before.skip,
        ):
            raise FaultError(
                f"{self.action} happens as soon as it is set, so say when before what: "
                "faults.at(5).on_socket().drop(), not faults.on_socket().drop().at(5)"
            )
        self._schedule = schedule
        self.counter.change(schedule)
        return self
