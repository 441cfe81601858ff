"""When the model is asked about a stream, and what happens to its answers."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator

from ovs_mock.engine.commands import Reinfer
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import Event, ReinferAnswered, ResultReady
from ovs_mock.engine.inference import Inference, InferencePlan, Purpose, Result
from ovs_mock.engine.inference_queue import InferenceQueue
from ovs_mock.engine.instants import micros
from ovs_mock.engine.service import Service
from ovs_mock.engine.state import Deadline, EngineState
from ovs_mock.engine.stream import Stream, StreamState
from ovs_mock.util.records import record

# A stream skips inferences while the model owes it this many answers.
MAX_PENDING_INFERENCES = 8
# Maximum number of results whose clips can be asked about again.
MAX_CLIPS = 2_000


@record(frozen=True, slots=True)
class Clip:
    """What a result was computed from, and the instant from which it can be asked about again."""

    key: str
    inference: Inference
    persisted_at: int


class ResultScheduler:
    def __init__(self, state: EngineState, inferences: InferenceQueue) -> None:
        self._state = state
        self._inferences = inferences
        self._clip_persistence = micros(state.settings.clip_persistence_seconds)
        self._clips: OrderedDict[str, Clip] = OrderedDict()
        inferences.on_result(Purpose.RESULT, self._result_ready)
        inferences.on_result(Purpose.REINFER, self._reinfer_answered)

    def on_frame(self, stream: Stream, now: int) -> None:
        """Start or resume the stream's cadence, if it has one. The first inference waits for a whole clip."""
        if stream.plan is None:
            return
        key = (Deadline.INFERENCE, stream.id)
        if stream.first_inference_at is None:
            stream.first_inference_at = now + stream.plan.sampling.warm_up
            self._state.schedule.set(key, stream.first_inference_at)
        elif self._state.schedule.get(key) is None:
            self._state.schedule.set(key, self._next_tick(stream, stream.plan, now))

    def tick(self, stream: Stream, now: int) -> Iterable[Event]:
        """Ask the model about the newest frames. An idle stream has no inferences until frames come again."""
        if stream.plan is None or stream.state is not StreamState.ACTIVE:
            return ()
        self._state.schedule.set((Deadline.INFERENCE, stream.id), now + stream.plan.sampling.interval)
        if stream.pending_inferences >= MAX_PENDING_INFERENCES:
            return ()
        stream.pending_inferences += 1
        return (self._inferences.ask(self._inference(stream, stream.plan, now), now),)

    def reinfer(self, command: Reinfer, now: int) -> Iterator[Event]:
        account = self._state.accounts.authenticate(command.key)
        clip = self._clips.get(command.result_id)
        mine = clip is not None and self._state.accounts.owner(clip.key) is account
        if clip is None or not mine or now < clip.persisted_at:
            raise CommandRejectedError(
                ErrorCode.CLIP_NOT_FOUND, "No clip of that result: it is unknown, or not persisted yet."
            )
        self._state.models.require_reachable(command.model, Service.RESULTS)
        inference = Inference(
            id=self._state.ids.tagged("chatcmpl"),
            purpose=Purpose.REINFER,
            stream_id=clip.inference.stream_id,
            mode=clip.inference.mode,
            model=command.model,
            backend=clip.inference.backend,
            prompt=command.prompt,
            frames=clip.inference.frames,
            due_at=now,
            output_schema=command.output_schema,
            max_output_tokens=command.max_output_tokens,
            temperature=command.temperature,
        )
        yield self._inferences.ask(inference, now)

    def _result_ready(self, result: Result, now: int) -> Iterable[Event]:
        stream = self._state.running_stream(result.inference.stream_id or "")
        if stream is None:
            return ()
        stream.record_result(result)
        self._keep_clip(stream, result.inference, now)
        return (ResultReady(now, stream.id, result),)

    def _reinfer_answered(self, result: Result, now: int) -> Iterable[Event]:
        return (ReinferAnswered(now, result.inference.stream_id or "", result),)

    def _next_tick(self, stream: Stream, plan: InferencePlan, now: int) -> int:
        """The next instant of the cadence that starts at the first inference."""
        assert stream.first_inference_at is not None
        interval = plan.sampling.interval
        ticks = max(0, -(-(now - stream.first_inference_at) // interval))
        return stream.first_inference_at + ticks * interval

    def _inference(self, stream: Stream, plan: InferencePlan, now: int) -> Inference:
        return Inference(
            id=self._state.ids.tagged("res"),
            purpose=Purpose.RESULT,
            stream_id=stream.id,
            mode=plan.mode,
            model=plan.model,
            backend=plan.backend,
            prompt=plan.prompt,
            frames=plan.sampling.sample(stream.frames),
            due_at=now,
            output_schema=plan.output_schema,
            max_output_tokens=plan.max_output_tokens,
        )

    def _keep_clip(self, stream: Stream, inference: Inference, now: int) -> None:
        self._clips[inference.id] = Clip(stream.key, inference, now + self._clip_persistence)
        if len(self._clips) > MAX_CLIPS:
            self._clips.popitem(last=False)
