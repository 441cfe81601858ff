"""The faults of one mock: which of them is met, and what happens by itself."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from ovs_mock.api.message_filter import Pause
from ovs_mock.api.v02.results import ResultSocket
from ovs_mock.engine.instants import micros
from ovs_mock.faults.fault import Fault, FaultAction, Matcher
from ovs_mock.faults.schedule import FaultSchedule
from ovs_mock.ingest.gateway import IngestGateway
from ovs_mock.model import ScriptedModel
from ovs_mock.runtime.alarms import Alarms, Callback
from ovs_mock.runtime.runtime import Runtime

D = TypeVar("D", bound=FaultAction)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultContext:
    """Where faults happen: the parts of one mock."""

    runtime: Runtime
    model: ScriptedModel
    media: IngestGateway
    sockets: Callable[[], Iterable[ResultSocket]]
    api_key: str
    enter: Callable[["FaultRegistry"], None]
    """Lets the board see requests from now on. Until a first fault is set, nobody asks it."""
    tell: Callable[["Fault", str], None]
    """Told of each fault that is met, and by what."""


@dataclass(frozen=True, slots=True)
class ImmediateAction(FaultAction):
    """What happens by itself to whatever is there at its moment, and else to what comes next."""

    @property
    def eager(self) -> bool:
        return True

    def targets(self, stage: FaultContext, aim: Matcher) -> Iterable[Any]:
        """What is there now."""
        raise NotImplementedError

    def act(self, stage: FaultContext, target: Any) -> Callback | None:
        """Do it; what takes it back, where that is possible."""
        raise NotImplementedError


class FaultRegistry:
    """Faults in the order in which they were set, which is the order in which they are tried.

    On the mock's loop only.
    """

    def __init__(self, stage: FaultContext) -> None:
        self.stage = stage
        self.faults: list[Fault] = []
        self.alarms = Alarms(stage.runtime, "faults")
        self._numbers = 0
        self._entered = False
        self._waiting: set[asyncio.Event] = set()

    @property
    def now(self) -> int:
        return self.stage.runtime.clock.now()

    def set(self, aim: Matcher, deed: FaultAction, plan: FaultSchedule) -> Fault:
        """From now on this goes wrong."""
        self._enter()
        self._numbers += 1
        fault = Fault(f"fault-{self._numbers}", aim, deed, plan, self.now, self._forget)
        self.faults.append(fault)
        if deed.eager:
            if fault.tally.begins > self.now:
                self.alarms.set(fault.tally.begins, lambda: self._strike(fault))
            else:
                self._strike(fault)
        return fault

    def clear(self) -> None:
        """Forget all of them. What has happened stays as it is."""
        self.faults.clear()
        self.release()

    def of(self, kind: type[D], target: object) -> list[Fault]:
        """The faults with such a deed whose aim is this."""
        return [fault for fault in self.faults if isinstance(fault.deed, kind) and fault.aim.meets(target)]

    def take(self, kind: type[D], target: object, also: Callable[[D], bool] = lambda _: True) -> D | None:
        """The deed of the first fault that is met by this."""
        for fault in self.of(kind, target):
            deed = fault.deed
            assert isinstance(deed, kind)
            if also(deed) and self.met(fault, target):
                return deed
        return None

    def met(self, fault: Fault, target: object) -> bool:
        """Whether it is met by this, which is then counted and told."""
        if not fault.tally.take(self.now):
            return False
        self.stage.tell(fault, fault.aim.named(target))
        return True

    def arrived(self, kind: type[ImmediateAction], target: object, named: object) -> None:
        """Something is there now to which the first such fault may happen; aims know it as ``named``."""
        for fault in self.of(kind, named):
            if fault.deed.eager and self._hit(fault, target):
                return

    async def wait(self, seconds: float | None) -> None:
        """Until so much time has passed on the mock's clock, or the mock ends; ``None`` for that alone."""
        come = asyncio.Event()
        self._waiting.add(come)
        cancel = None if seconds is None else self.alarms.set(self.now + micros(seconds), come.set)
        try:
            await come.wait()
        finally:
            self._waiting.discard(come)
            if cancel:
                cancel()

    def lift_later(self, hold: Pause, seconds: float | None) -> None:
        """Let an event stream go on after so much time, and the clock when it has."""
        runtime = self.stage.runtime

        def lift() -> None:
            self._waiting.discard(hold.lifted)
            hold.lifted.set()
            runtime.deliver(_caught_up(hold))

        self._waiting.add(hold.lifted)
        if seconds is not None:
            self.alarms.set(self.now + micros(seconds), lift)

    def release(self) -> None:
        """Let everybody go on who waits."""
        for come in tuple(self._waiting):
            come.set()

    def _enter(self) -> None:
        if not self._entered:
            self._entered = True
            self.stage.enter(self)

    def _forget(self, fault: Fault) -> None:
        if fault in self.faults:
            self.faults.remove(fault)

    def _strike(self, fault: Fault) -> None:
        if fault not in self.faults:
            return
        deed = fault.deed
        assert isinstance(deed, ImmediateAction)
        for target in tuple(deed.targets(self.stage, fault.aim)):
            self._hit(fault, target)

    def _hit(self, fault: Fault, target: object) -> bool:
        deed = fault.deed
        assert isinstance(deed, ImmediateAction)
        if not self.met(fault, target):
            return False
        undo = deed.act(self.stage, target)
        if undo and fault.tally.ends is not None:
            self.alarms.set(fault.tally.ends, undo)
        return True


async def _caught_up(hold: Pause) -> None:
    await hold.caught_up.wait()
