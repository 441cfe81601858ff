"""One running mock: an engine, its clock, its model, and everybody who listens.

All of it lives on one event loop. Other threads come in through ``asyncio.run_coroutine_threadsafe``.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from ovs_mock.engine.commands import AnswerInference, Command, FrameArrived, SuspendIdleTimer
from ovs_mock.engine.engine import Engine
from ovs_mock.engine.events import Event, InferenceDue
from ovs_mock.engine.frames import Picture
from ovs_mock.engine.inference import Answer, Inference
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.state import EngineState
from ovs_mock.runtime.clock import Clock, ClockError, ClockMove, real_micros
from ovs_mock.runtime.ports import MediaGateway, ModelPort

log = logging.getLogger("ovs_mock")

# A publisher whose last frame is this recent in real time is live, however far the clock is moved.
LIVE_WITHIN = SECOND

# Turns of the loop from bytes in a socket to a handler that has acted on them, with some to spare.
TURNS_TO_READ = 10

# Set while a model answers, and in whatever a script starts meanwhile, on other threads too.
_answering: ContextVar[bool] = ContextVar("answering", default=False)

E = TypeVar("E")
Listener = Callable[[Event], None]
CommandListener = Callable[[Command, int], None]
TimedAction = tuple[int, Callable[[], object]]
"""How long after the start of a move something is done, and what."""


class Runtime:
    """Carries commands to the engine, fires deadlines when they come, and tells listeners what happened.

    Listeners are called at once and in order, and must not block: what takes time they hand to ``deliver``.
    """

    def __init__(self, engine: Engine, clock: Clock, model: ModelPort) -> None:
        self.engine = engine
        self.clock = clock
        self.model = model
        self.gateway: MediaGateway | None = None
        self.failures: list[BaseException] = []
        self.accepts_frames: Callable[[str], bool] | None = None
        """Whether a frame that comes for a stream gets there; all do, as long as nobody asks."""
        self._listeners: list[Listener] = []
        self._command_listeners: list[CommandListener] = []
        self._deliveries: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._armed_for: int | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._last_live: dict[str, int] = {}
        self._fired: list[Event] | None = None
        self._advancing = asyncio.Lock()
        self._closed = False

    def do(self, command: Command) -> list[Event]:
        """Carry out a command now. Raises RefusedError; deadlines that are already due come first."""
        now = self.clock.now()
        self._publish(self.engine.expire(now))
        events = self.engine.handle(command, now)
        for listener in self._command_listeners:
            listener(command, now)
        self._publish(events)
        self._arm()
        return events

    def ask(self, command: Command, answer: type[E]) -> E:
        """Carry out a command that is answered by one event of the type ``answer``."""
        events = self.do(command)
        return next(event for event in events if isinstance(event, answer))

    def current_state(self) -> EngineState:
        """The state of now, for reading: what is already due has happened."""
        self._publish(self.engine.expire(self.clock.now()))
        self._arm()
        return self.engine.state

    async def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until ``holds()``; it is tried after every command and deadline."""
        while not holds():
            changed = asyncio.get_running_loop().create_future()
            self._waiting.append(changed)
            await changed

    def receive_live_frame(self, stream_id: str, at: int, picture: Picture) -> None:
        """A frame of a publisher that sends in real time."""
        if self.accepts_frames is None or self.accepts_frames(stream_id):
            self._last_live[stream_id] = real_micros()
            self.do(FrameArrived(stream_id, at, picture))

    def inject_frame(self, stream_id: str, picture: Picture) -> None:
        """A frame that nobody sent, which stands for now."""
        if self.accepts_frames is None or self.accepts_frames(stream_id):
            self.do(FrameArrived(stream_id, self.clock.now(), picture))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told of every event from now on; call what is returned to stop."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            # A runtime that is closed has forgotten everybody.
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def subscribe_commands(self, listener: CommandListener) -> None:
        """Be told of every command that has been carried out, before what followed from it."""
        self._command_listeners.append(listener)

    def deliver(self, work: Coroutine[Any, Any, None]) -> None:
        """Do ``work`` soon. An advance of the clock waits for it before it goes on."""
        task = asyncio.get_running_loop().create_task(work)
        self._deliveries.add(task)
        task.add_done_callback(self._delivered)

    async def settle(self) -> None:
        """Wait until everything that followed from what has happened is delivered."""
        while self._deliveries:
            await asyncio.wait(set(self._deliveries))

    async def advance(self, duration: int, actions: Iterable[TimedAction] = ()) -> list[Event]:
        """Move the clock forward, through every deadline at its own instant; the events that it fired.

        ``meanwhile`` is what is done on the way, in order of time, each behind the deadlines that are due by then.
        """
        if duration < 0:
            raise ClockError(f"advance({duration / SECOND}): the clock only moves forward")
        return await self._move(lambda now: now + duration, actions)

    async def advance_to_next(self) -> list[Event]:
        """Move the clock to the next deadline and fire what is due then; nothing when nothing is due ever."""
        return await self._move(self._next_deadline_with_live_media)

    @asynccontextmanager
    async def exclusive_clock(self) -> AsyncIterator[None]:
        """Nobody moves the clock in this block. Who meant to before, finds it closed if that happens meanwhile."""
        _reject_from_script("reset the mock")
        async with self._advancing:
            yield

    async def close(self) -> None:
        """Stop firing deadlines, and let what is under way finish."""
        self._closed = True
        if self._timer:
            self._timer.cancel()
        self._listeners.clear()
        self._command_listeners.clear()
        for task in self._deliveries:
            task.cancel()
        await self.settle()

    async def _move(self, target_from: Callable[[int], int], actions: Iterable[TimedAction] = ()) -> list[Event]:
        _reject_from_script("moved the clock")
        async with self._advancing:
            if self._closed:
                raise ClockError("the mock was reset or closed before the clock was moved: begin again")
            fired: list[Event] = []
            self._fired = fired
            try:
                with self.clock.moving() as moving:
                    await self._read_pending_input()
                    await self.settle()
                    started = self.clock.now()
                    target = target_from(started)
                    self._suspend_idle_timers(target)
                    for after, act in actions:
                        await self._advance_to(moving, started + after)
                        act()
                        await self.settle()
                    await self._advance_to(moving, target)
            finally:
                self._fired = None
                self._armed_for = None
                self._arm()
            return fired

    async def _read_pending_input(self) -> None:
        """Read what clients had sent before the move was asked for: it belongs to the time before it."""
        for _ in range(TURNS_TO_READ):
            await asyncio.sleep(0)

    async def _advance_to(self, moving: ClockMove, target: int) -> None:
        while (deadline := self.engine.next_deadline()) is not None and deadline <= target:
            moving.move_to(deadline)
            self._publish(self.engine.expire(deadline))
            await self.settle()
        moving.move_to(target)

    def _next_deadline_with_live_media(self, now: int) -> int:
        """The next deadline that is left when live publishers are not taken for silent ones on the way to it."""
        target = now
        while (deadline := self.engine.next_deadline()) is not None and deadline > target:
            target = deadline
            self._suspend_idle_timers(target)
        return target

    def _suspend_idle_timers(self, until: int) -> None:
        since = real_micros() - LIVE_WITHIN
        self._last_live = {id_: at for id_, at in self._last_live.items() if at >= since}
        if self._last_live:
            self.engine.handle(SuspendIdleTimer(frozenset(self._last_live), until), self.clock.now())

    def _publish(self, events: list[Event]) -> None:
        self._wake_waiting()
        for event in events:
            if self._fired is not None:
                self._fired.append(event)
            if isinstance(event, InferenceDue):
                self.deliver(self._answer_later(event.inference))
            for listener in tuple(self._listeners):
                listener(event)

    def _wake_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for changed in waiting:
            if not changed.done():
                changed.set_result(None)

    async def _answer_later(self, inference: Inference) -> None:
        _answering.set(True)
        try:
            answer = await self.model.answer(inference)
        except Exception as error:  # noqa: BLE001 - whatever a script raises
            self.record_failure(error)
            answer = Answer(error=f"{type(error).__name__}: {error}", finish_reason=None)
        _answering.set(False)
        self.do(AnswerInference(inference.id, answer))

    def record_failure(self, error: BaseException) -> None:
        """Remember an error that nobody else will see."""
        log.error("unexpected error in the mock", exc_info=error)
        self.failures.append(error)

    def _arm(self) -> None:
        """Come back by itself when the next deadline is due."""
        deadline = self.engine.next_deadline()
        if deadline == self._armed_for and self._timer:
            return
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._armed_for = deadline
        delay = None if deadline is None else self.clock.delay_until(deadline)
        if delay is not None:
            self._timer = asyncio.get_running_loop().call_later(delay, self._fire)

    def _fire(self) -> None:
        self._timer = None
        self._publish(self.engine.expire(self.clock.now()))
        self._arm()

    def _delivered(self, task: asyncio.Task[None]) -> None:
        self._deliveries.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.record_failure(error)


def _reject_from_script(what: str) -> None:
    """ClockError for who would wait for the clock, and for whom a move of the clock waits."""
    if _answering.get():
        raise ClockError(f"a scripted reply {what}, which waits for that very reply: do it in the test")
