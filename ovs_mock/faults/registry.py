"""The faults of one mock: which one fires, and what it then does."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.api.call import CALL
from ovs_mock.api.message_filter import Pause
from ovs_mock.api.operation import OperationKind
from ovs_mock.engine.instants import micros
from ovs_mock.faults.fault import Fault, FaultAction, Matcher
from ovs_mock.faults.schedule import FaultSchedule
from ovs_mock.ingest.gateway import IngestGateway
from ovs_mock.model import ScriptedModel
from ovs_mock.runtime.alarms import Alarms, Callback
from ovs_mock.runtime.runtime import Runtime

if TYPE_CHECKING:
    from ovs_mock.api.v02.results import ResultSocket

A = TypeVar("A", bound=FaultAction)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultContext:
    """The parts of one mock that faults act on."""

    runtime: Runtime
    model: ScriptedModel
    media: IngestGateway
    sockets: "Callable[[], Iterable[ResultSocket]]"
    api_key: str
    on_fired: Callable[["Fault", str], None]
    """Called when a fault has fired, with a description of its target."""


@dataclass(frozen=True, slots=True)
class ImmediateAction(FaultAction):
    """Applies to every target that exists when the fault is set (or at its time), else to the next one."""

    @property
    def immediate(self) -> bool:
        return True

    def targets(self, context: FaultContext, matcher: Matcher) -> Iterable[Any]:
        """The targets that exist now."""
        raise NotImplementedError

    def apply(self, context: FaultContext, target: Any) -> Callback | None:
        """Apply the action; return what undoes it, where that is possible."""
        raise NotImplementedError


class FaultRegistry:
    """Faults in the order in which they were set, which is the order in which they are tried.

    For use on the mock's event loop. Until the first fault is set, the middleware only calls the handler.
    """

    def __init__(self, context: FaultContext, load_middleware: Callable[["FaultRegistry"], Middleware]) -> None:
        self.context = context
        self._load_middleware = load_middleware
        self.faults: list[Fault] = []
        self._count = 0
        self._waiting: set[asyncio.Event] = set()
        self._middleware: Middleware | None = None

    @property
    def now(self) -> int:
        return self.context.runtime.clock.now()

    @property
    def active(self) -> bool:
        """Whether a fault has ever been set."""
        return self._middleware is not None

    @property
    def unused(self) -> list[Fault]:
        """The faults that have fired fewer times than expected."""
        return [fault for fault in tuple(self.faults) if fault.unused]

    def middleware(self, request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
        """Apply faults to a request, unless it is one to the controls."""
        if self._middleware is None or request[CALL].kind is OperationKind.CONTROL:
            return handler(request)
        return self._middleware(request, handler)

    def add(self, matcher: Matcher, action: FaultAction, schedule: FaultSchedule) -> Fault:
        """Set a fault; an immediate one fires now, or at its time."""
        if self._middleware is None:
            self.alarms = Alarms(self.context.runtime, "faults")
            self._middleware = self._load_middleware(self)
        self._count += 1
        fault = Fault(f"fault-{self._count}", matcher, action, schedule, self.now, self._remove)
        self.faults.append(fault)
        if action.immediate:
            if fault.counter.begins > self.now:
                self.alarms.set(fault.counter.begins, lambda: self._fire_immediate(fault))
            else:
                self._fire_immediate(fault)
        return fault

    def clear(self) -> None:
        """Remove all faults; what they have done stays done."""
        self.faults.clear()
        self.release()

    def matching(self, kind: type[A], target: object) -> list[Fault]:
        """The faults with an action of that kind that match the target."""
        return [fault for fault in self.faults if isinstance(fault.action, kind) and fault.matcher.matches(target)]

    def fire_first(self, kind: type[A], target: object, condition: Callable[[A], bool] = lambda _: True) -> A | None:
        """Fire the first fault of that kind that is due for the target, and return its action."""
        for fault in self.matching(kind, target):
            action = fault.action
            assert isinstance(action, kind)
            if condition(action) and self.fire(fault, target):
                return action
        return None

    def fire(self, fault: Fault, target: object) -> bool:
        """Count an occasion of the fault; when it is due, count that it fired, report it and return True."""
        if not fault.counter.try_fire(self.now):
            return False
        self.context.on_fired(fault, fault.matcher.describe(target))
        return True

    def apply_to_new(self, kind: type[ImmediateAction], target: object, key: object) -> None:
        """Apply the first immediate fault to a target that has come into being; matchers get its ``key``."""
        for fault in self.matching(kind, key):
            if fault.action.immediate and self._apply(fault, target):
                return

    async def wait(self, seconds: float | None) -> None:
        """Wait that long on the mock's clock; ``None`` waits until the mock ends. Either ends with ``release()``."""
        released = asyncio.Event()
        self._waiting.add(released)
        cancel = None if seconds is None else self.alarms.set(self.now + micros(seconds), released.set)
        try:
            await released.wait()
        finally:
            self._waiting.discard(released)
            if cancel:
                cancel()

    def resume_later(self, pause: Pause, seconds: float | None) -> None:
        """Resume an event stream that long from now; the clock goes on once the stream has caught up."""
        runtime = self.context.runtime

        def resume() -> None:
            self._waiting.discard(pause.lifted)
            pause.lifted.set()
            runtime.deliver(_caught_up(pause))

        self._waiting.add(pause.lifted)
        if seconds is not None:
            self.alarms.set(self.now + micros(seconds), resume)

    def release(self) -> None:
        """End every wait and every pause."""
        for released in tuple(self._waiting):
            released.set()

    def _remove(self, fault: Fault) -> None:
        if fault in self.faults:
            self.faults.remove(fault)

    def _fire_immediate(self, fault: Fault) -> None:
        if fault in self.faults:
            assert isinstance(fault.action, ImmediateAction)
            for target in tuple(fault.action.targets(self.context, fault.matcher)):
                self._apply(fault, target)

    def _apply(self, fault: Fault, target: object) -> bool:
        assert isinstance(fault.action, ImmediateAction)
        if not self.fire(fault, target):
            return False
        undo = fault.action.apply(self.context, target)
        if undo and fault.counter.ends is not None:
            self.alarms.set(fault.counter.ends, undo)
        return True


async def _caught_up(pause: Pause) -> None:
    await pause.caught_up.wait()
