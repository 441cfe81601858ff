"""Inferences that the model has yet to answer, and answers whose latency has yet to pass."""

from collections.abc import Callable, Iterable

from ovs_mock.engine.commands import AnswerInference
from ovs_mock.engine.events import Event, InferenceDue
from ovs_mock.engine.inference import Inference, Purpose, Result
from ovs_mock.engine.instants import SECOND, micros
from ovs_mock.engine.state import Deadline, EngineState

ResultHandler = Callable[[Result, int], Iterable[Event]]


class InferenceQueue:
    """Hands each result to the handler of its purpose, once its latency has passed."""

    def __init__(self, state: EngineState) -> None:
        self._state = state
        self._default_latency = micros(state.settings.latency_seconds)
        self._pending: dict[str, Inference] = {}
        self._answered: dict[str, Result] = {}
        self._handlers: dict[Purpose, ResultHandler] = {}

    def on_result(self, purpose: Purpose, handler: ResultHandler) -> None:
        """Hand results of that purpose to ``handler``."""
        self._handlers[purpose] = handler

    def ask(self, inference: Inference, now: int) -> Event:
        self._pending[inference.id] = inference
        return InferenceDue(now, inference)

    def answer(self, command: AnswerInference, now: int) -> Iterable[Event]:
        """Take an answer. An answer to an unknown inference, or a second one, changes nothing."""
        inference = self._pending.pop(command.inference_id, None)
        if inference is None:
            return ()
        if inference.purpose is Purpose.RESULT and (stream := self._state.streams.get(inference.stream_id or "")):
            stream.pending_inferences -= 1
        answer = command.answer
        ready_at = max(now, inference.due_at + (self._default_latency if answer.latency is None else answer.latency))
        latency = ready_at - inference.due_at
        result = Result(
            inference=inference, answer=answer, latency=latency, total_latency=latency + _frame_age(inference)
        )
        if ready_at <= now:
            return self._handlers[inference.purpose](result, now)
        self._answered[inference.id] = result
        self._state.schedule.set((Deadline.ANSWER, inference.id), ready_at)
        return ()

    def deliver(self, inference_id: str, now: int) -> Iterable[Event]:
        """Hand over a result whose latency has passed."""
        result = self._answered.pop(inference_id)
        return self._handlers[result.inference.purpose](result, now)


def _frame_age(inference: Inference) -> int:
    """How long ago the newest frame came when the inference was due, in microseconds.

    At most a second, which is more than live video ever waits: when a test moves the clock, the skipped time is not
    counted as latency. At least zero, because video may run ahead of a frozen clock.
    """
    if not inference.frames:
        return 0
    return min(max(0, inference.due_at - inference.frames[-1].at), SECOND)
