"""When models are asked, and what becomes of their answers."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from ovs_mock.engine.commands import AnswerInference, Reinfer
from ovs_mock.engine.errors import RefusedError, Why
from ovs_mock.engine.events import Event, InferenceDue, ReinferAnswered, ResultReady
from ovs_mock.engine.inference import Inference, Purpose, Result
from ovs_mock.engine.instants import SECOND, micros
from ovs_mock.engine.stream import Stream, StreamState
from ovs_mock.engine.world import Deadline, World

# A model that cannot keep up has ticks skipped once it owes this many answers of one stream.
MAX_UNANSWERED = 8
# Clips of results that can still be asked about.
MAX_CLIPS = 2_000


@dataclass(frozen=True, slots=True)
class Clip:
    """What a result was computed from, and from when on it can be asked about again."""

    key: str
    inference: Inference
    persisted_at: int


class Analysis:
    def __init__(self, world: World) -> None:
        self._world = world
        self._asked: dict[str, Inference] = {}
        self._answered: dict[str, Result] = {}
        self._clips: OrderedDict[str, Clip] = OrderedDict()

    def frame(self, stream: Stream, now: int) -> None:
        """Start or resume the cadence. The first inference waits until a whole clip has been seen."""
        key = (Deadline.INFERENCE, stream.id)
        if stream.first_inference_at is None:
            stream.first_inference_at = now + stream.plan.sampling.lead
            self._world.schedule.set(key, stream.first_inference_at)
        elif self._world.schedule.at(key) is None:
            self._world.schedule.set(key, self._next_tick(stream, now))

    def tick(self, stream: Stream, now: int) -> Iterator[Event]:
        """Ask about the frames of this moment; an idle stream is left alone until its frames come back."""
        if stream.state is not StreamState.ACTIVE:
            return
        self._world.schedule.set((Deadline.INFERENCE, stream.id), now + stream.plan.sampling.interval)
        if stream.unanswered >= MAX_UNANSWERED:
            return
        stream.unanswered += 1
        yield self._ask(self._result_inference(stream, now), now)

    def reinfer(self, command: Reinfer, now: int) -> Iterator[Event]:
        account = self._world.accounts.authenticate(command.key)
        clip = self._clips.get(command.result_id)
        mine = clip is not None and self._world.accounts.owner(clip.key) is account
        if clip is None or not mine or now < clip.persisted_at:
            raise RefusedError(Why.CLIP_NOT_FOUND, "No clip of that result: it is unknown, or not persisted yet.")
        self._world.models.require_reachable(command.model)
        inference = Inference(
            id=self._world.ids.tagged("chatcmpl"),
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
        yield self._ask(inference, now)

    def answer(self, command: AnswerInference, now: int) -> Iterator[Event]:
        """Take an answer, and give it out once its latency has passed."""
        inference = self._asked.pop(command.inference_id, None)
        if inference is None:
            return
        stream = self._stream_of(inference)
        if stream is not None:
            stream.unanswered -= 1
        simulated = command.answer.latency
        if simulated is None:
            simulated = micros(self._world.settings.latency_seconds)
        ready_at = max(now, inference.due_at + simulated)
        self._answered[inference.id] = self._result(inference, command, ready_at)
        if ready_at > now:
            self._world.schedule.set((Deadline.ANSWER, inference.id), ready_at)
        else:
            yield from self.deliver(inference.id, now)

    def deliver(self, inference_id: str, now: int) -> Iterator[Event]:
        result = self._answered.pop(inference_id)
        inference = result.inference
        if inference.purpose is Purpose.REINFER:
            yield ReinferAnswered(now, inference.stream_id, result)
            return
        stream = self._stream_of(inference)
        if stream is None or not stream.running:
            return
        stream.count(result)
        self._keep_clip(stream, inference, now)
        yield ResultReady(now, stream.id, result)

    def _ask(self, inference: Inference, now: int) -> Event:
        self._asked[inference.id] = inference
        return InferenceDue(now, inference)

    def _next_tick(self, stream: Stream, now: int) -> int:
        """The next instant of the cadence that the first inference began."""
        assert stream.first_inference_at is not None
        interval = stream.plan.sampling.interval
        ticks = max(0, -(-(now - stream.first_inference_at) // interval))
        return stream.first_inference_at + ticks * interval

    def _result_inference(self, stream: Stream, now: int) -> Inference:
        plan = stream.plan
        return Inference(
            id=self._world.ids.tagged("res"),
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

    def _result(self, inference: Inference, command: AnswerInference, ready_at: int) -> Result:
        latency = ready_at - inference.due_at
        waited = _age(inference)
        return Result(inference=inference, answer=command.answer, latency=latency, total_latency=latency + waited)

    def _keep_clip(self, stream: Stream, inference: Inference, now: int) -> None:
        persisted_at = now + micros(self._world.settings.clip_persistence_seconds)
        self._clips[inference.id] = Clip(stream.key, inference, persisted_at)
        if len(self._clips) > MAX_CLIPS:
            self._clips.popitem(last=False)

    def _stream_of(self, inference: Inference) -> Stream | None:
        if inference.purpose is Purpose.REINFER:
            return None
        return self._world.streams.get(inference.stream_id)


def _age(inference: Inference) -> int:
    """How long the newest frame had waited to be asked about.

    At most a second, which is more than live video ever waits: on a clock that is moved the picture is held, and time
    that was skipped is nobody's latency. At least nothing, as on a frozen clock video runs ahead.
    """
    if not inference.frames:
        return 0
    return min(max(0, inference.due_at - inference.frames[-1].at), SECOND)
