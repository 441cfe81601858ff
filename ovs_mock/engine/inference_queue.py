"""Questions that are with a model, and answers that are on their way back."""

from collections.abc import Callable, Iterator

from ovs_mock.engine.commands import AnswerInference
from ovs_mock.engine.events import Event, InferenceDue
from ovs_mock.engine.inference import Inference, Purpose, Result
from ovs_mock.engine.instants import SECOND, micros
from ovs_mock.engine.state import Deadline, EngineState

ResultHandler = Callable[[Result, int], Iterator[Event]]


class InferenceQueue:
    """Gives each answer to whoever asked, once its latency has passed."""

    def __init__(self, state: EngineState) -> None:
        self._state = state
        self._pending: dict[str, Inference] = {}
        self._answered: dict[str, Result] = {}
        self._handlers: dict[Purpose, ResultHandler] = {}

    def on_result(self, purpose: Purpose, receiver: ResultHandler) -> None:
        """Answers of that purpose go to ``receiver``."""
        self._handlers[purpose] = receiver

    def ask(self, inference: Inference, now: int) -> Event:
        self._pending[inference.id] = inference
        return InferenceDue(now, inference)

    def answer(self, command: AnswerInference, now: int) -> Iterator[Event]:
        """Take an answer; one that nobody waits for, or a second one, is nothing."""
        inference = self._pending.pop(command.inference_id, None)
        if inference is None:
            return
        stream = self._state.streams.get(inference.stream_id or "")
        if stream is not None and inference.purpose is Purpose.RESULT:
            stream.pending_inferences -= 1
        ready_at = max(now, inference.due_at + self._latency(command))
        latency = ready_at - inference.due_at
        self._answered[inference.id] = Result(
            inference=inference, answer=command.answer, latency=latency, total_latency=latency + _frame_age(inference)
        )
        if ready_at > now:
            self._state.schedule.set((Deadline.ANSWER, inference.id), ready_at)
        else:
            yield from self.deliver(inference.id, now)

    def deliver(self, inference_id: str, now: int) -> Iterator[Event]:
        result = self._answered.pop(inference_id)
        yield from self._handlers[result.inference.purpose](result, now)

    def _latency(self, command: AnswerInference) -> int:
        simulated = command.answer.latency
        return micros(self._state.settings.latency_seconds) if simulated is None else simulated


def _frame_age(inference: Inference) -> int:
    """How long the newest frame had waited to be asked about.

    At most a second, which is more than live video ever waits: on a clock that is moved the picture is held, and time
    that was skipped is nobody's latency. At least nothing, as on a frozen clock video runs ahead.
    """
    if not inference.frames:
        return 0
    return min(max(0, inference.due_at - inference.frames[-1].at), SECOND)
