"""One running mock: an engine, its clock, its model, and its listeners.

Everything runs on one event loop. Other threads use ``asyncio.run_coroutine_threadsafe``.
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
from ovs_mock.runtime.listeners import EventListeners, Listener
from ovs_mock.runtime.ports import MediaGateway, ModelPort

log = logging.getLogger("ovs_mock")

# A publisher is live if its last frame came within this much real time, however far the clock is moved.
LIVE_WITHIN = SECOND

# Turns of the event loop from bytes in a socket to a handler that has acted on them, with some to spare.
TURNS_TO_READ = 10

# True while the model answers, and in everything that a reply function starts meanwhile, on other threads too.
_answering: ContextVar[bool] = ContextVar("answering", default=False)

E = TypeVar("E")
CommandListener = Callable[[Command, int], None]
TimedAction = tuple[int, Callable[[], object]]
"""Microseconds after the start of a move of the clock, and what to do then."""


class Runtime:
    """Hands commands to the engine, fires deadlines when they are due, and notifies listeners of events.

    Listeners are called at once and in order. They must not block: they hand work that takes time to ``deliver``.
    """

    def __init__(self, engine: Engine, clock: Clock, model: ModelPort) -> None:
        self.engine = engine
        self.clock = clock
        self.model = model
        self.gateway: MediaGateway | None = None
        self.failures: list[BaseException] = []
        self.accepts_frames: Callable[[str], bool] | None = None
        """Whether frames of a stream are accepted, by its id; ``None`` accepts all frames."""
        self._listeners = EventListeners()
        self._command_listeners: list[CommandListener] = []
        self._unasked: list[Inference] = []
        self._deliveries: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._armed_for: int | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._last_live: dict[str, int] = {}
        self._fired: list[Event] | None = None
        self._advancing = asyncio.Lock()
        self._closed = False

    @property
    def state(self) -> EngineState:
        """The state after the last command or deadline. Reading it fires nothing."""
        return self.engine.state

    def current_state(self) -> EngineState:
        """Fire the deadlines that are due by now, and return the state."""
        self._publish(self.engine.expire(self.clock.now()))
        self._on_change()
        return self.engine.state

    def do(self, command: Command) -> list[Event]:
        """Carry out a command now, after the deadlines that are due by now. Raises CommandRejectedError."""
        now = self.clock.now()
        self._publish(self.engine.expire(now))
        try:
            events = self.engine.handle(command, now)
            for listener in self._command_listeners:
                listener(command, now)
            self._publish(events)
        finally:
            self._on_change()
        return events

    def ask(self, command: Command, answer: type[E]) -> E:
        """Carry out a command, and return the event of the type ``answer`` that it leads to."""
        events = self.do(command)
        return next(event for event in events if isinstance(event, answer))

    async def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until ``holds()``, which is called after every command and deadline."""
        while not holds():
            changed = asyncio.get_running_loop().create_future()
            self._waiting.append(changed)
            await changed

    def receive_live_frame(self, stream_id: str, at: int, picture: Picture) -> None:
        """Add a frame that a publisher sent in real time, and that stands for the instant ``at``."""
        if self.accepts_frames is None or self.accepts_frames(stream_id):
            self._last_live[stream_id] = real_micros()
            self.do(FrameArrived(stream_id, at, picture))

    def inject_frame(self, stream_id: str, picture: Picture) -> None:
        """Add a frame that no publisher sent, and that stands for now."""
        if self.accepts_frames is None or self.accepts_frames(stream_id):
            self.do(FrameArrived(stream_id, self.clock.now(), picture))

    def subscribe(self, listener: Listener, kinds: Iterable[type[Event]] | None = None) -> Callable[[], None]:
        """Call ``listener`` for each event of these kinds, or for all; call the returned function to stop."""
        return self._listeners.add(listener, kinds)

    def subscribe_commands(self, listener: CommandListener) -> None:
        """Call ``listener`` with each command that was carried out, before the events that follow from it."""
        self._command_listeners.append(listener)

    def deliver(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` soon. A move of the clock waits for it before it goes on."""
        task = asyncio.get_running_loop().create_task(work)
        self._deliveries.add(task)
        task.add_done_callback(self._delivered)

    async def settle(self) -> None:
        """Wait until everything that follows from past events is delivered."""
        while True:
            if self._unasked:
                self._ask_model()
                # Clients get a turn of the loop for each instant at which the model answers.
                await asyncio.sleep(0)
            elif self._deliveries:
                await asyncio.wait(set(self._deliveries))
            else:
                return

    async def advance(self, duration: int, actions: Iterable[TimedAction] = ()) -> list[Event]:
        """Move the clock forward through every deadline, each at its own instant, and return the events that fired.

        ``actions`` come in order of time. Each runs after the deadlines that are due by then.
        """
        if duration < 0:
            raise ClockError(f"advance({duration / SECOND}): the clock only moves forward")
        return await self._move(lambda now: now + duration, actions)

    async def advance_to_next(self) -> list[Event]:
        """Move the clock to the next deadline and fire what is due then; without a deadline, do nothing."""
        return await self._move(self._next_deadline_with_live_media)

    @asynccontextmanager
    async def exclusive_clock(self) -> AsyncIterator[None]:
        """Keep the clock from being moved in this block. A move that waits fails if the block closes the mock."""
        _reject_from_script("reset the mock")
        async with self._advancing:
            yield

    async def close(self) -> None:
        """Stop firing deadlines, cancel the deliveries and wait for their end."""
        self._closed = True
        if self._timer:
            self._timer.cancel()
        self._listeners.clear()
        self._command_listeners.clear()
        self._unasked.clear()
        for task in self._deliveries:
            task.cancel()
        await self.settle()

    def record_failure(self, error: BaseException) -> None:
        """Keep an error that has no caller to be raised to."""
        log.error("unexpected error in the mock", exc_info=error)
        self.failures.append(error)

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
                self._on_change()
            return fired

    async def _read_pending_input(self) -> None:
        """Let handlers read what clients sent before the move: it belongs to the time before it."""
        for _ in range(TURNS_TO_READ):
            await asyncio.sleep(0)

    async def _advance_to(self, moving: ClockMove, target: int) -> None:
        while (deadline := self.engine.next_deadline()) is not None and deadline <= target:
            moving.move_to(deadline)
            self._publish(self.engine.expire(deadline))
            self._on_change()
            await self.settle()
        moving.move_to(target)

    def _next_deadline_with_live_media(self, now: int) -> int:
        """The next deadline that is left when the time until then does not make streams with live publishers idle."""
        target = now
        while (deadline := self.engine.next_deadline()) is not None and deadline > target:
            target = deadline
            self._suspend_idle_timers(target)
        return target

    def _suspend_idle_timers(self, until: int) -> None:
        """Do not let a move of the clock to ``until`` make streams with live publishers idle."""
        since = real_micros() - LIVE_WITHIN
        self._last_live = {id_: at for id_, at in self._last_live.items() if at >= since}
        if self._last_live:
            self.engine.handle(SuspendIdleTimer(frozenset(self._last_live), until), self.clock.now())

    def _publish(self, events: list[Event]) -> None:
        for event in events:
            if self._fired is not None:
                self._fired.append(event)
            if isinstance(event, InferenceDue):
                self._unasked.append(event.inference)
            self._listeners.notify(event)

    def _on_change(self) -> None:
        """Wake those who wait for a condition; unless the clock is moved, ask the model soon and set the timer."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for changed in waiting:
                if not changed.done():
                    changed.set_result(None)
        if self._fired is not None:
            return
        if self._unasked:
            self.deliver(self._ask_model_soon())
        self._arm()

    async def _ask_model_soon(self) -> None:
        self._ask_model()

    def _ask_model(self) -> None:
        """Ask the model about all inferences that are due."""
        inferences, self._unasked = self._unasked, []
        token = _answering.set(True)
        answers = [self._answer_now(inference) for inference in inferences]
        _answering.reset(token)
        for inference, answer in zip(inferences, answers, strict=True):
            if answer is None:
                self.deliver(self._answer_later(inference))
            else:
                self.do(AnswerInference(inference.id, answer))

    def _answer_now(self, inference: Inference) -> Answer | None:
        try:
            return self.model.answer_now(inference)
        except Exception as error:  # noqa: BLE001 - a condition of the test may raise anything
            return self._failed_answer(error)

    async def _answer_later(self, inference: Inference) -> None:
        _answering.set(True)
        try:
            answer = await self.model.answer(inference)
        except Exception as error:  # noqa: BLE001 - a reply function of the test may raise anything
            answer = self._failed_answer(error)
        _answering.set(False)
        self.do(AnswerInference(inference.id, answer))

    def _failed_answer(self, error: Exception) -> Answer:
        self.record_failure(error)
        return Answer(error=f"{type(error).__name__}: {error}", finish_reason=None)

    def _arm(self) -> None:
        """Set the timer to the next deadline."""
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
        self.current_state()

    def _delivered(self, task: asyncio.Task[None]) -> None:
        self._deliveries.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.record_failure(error)


def _reject_from_script(what: str) -> None:
    """Raise ClockError in a reply function: the call would wait for the clock, and the clock for the reply."""
    if _answering.get():
        raise ClockError(f"a scripted reply {what}, which waits for that very reply: do it in the test")
