"""v0.2: when inferences are made."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from ovs_mock.engine.commands import CreateStream
from ovs_mock.engine.events import Event, StreamCreated
from ovs_mock.engine.sampling import ClipSampling, FrameSampling, Sampling
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.state import Deadline, EngineState
from ovs_mock.engine.stream import StreamState
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.engines import EngineFactory, EngineStep, MutantEngine, edit_command, on_deadline
from ovs_mock.util.records import record

AREA = Area("v02/cadence")


@record(frozen=True, slots=True)
class HastyClips(ClipSampling):
    """Does not wait until a whole clip has been seen."""

    @property
    def warm_up(self) -> int:
        return 0


@record(frozen=True, slots=True)
class TardyFrames(FrameSampling):
    """Waits an interval before the first inference."""

    @property
    def warm_up(self) -> int:
        return self.interval


def _sampled(change: Callable[[Sampling], Sampling]) -> EngineFactory:
    def create(command: CreateStream, _: EngineState) -> CreateStream:
        if command.plan is None:
            return command
        return replace(command, plan=replace(command.plan, sampling=change(command.plan.sampling)))

    return edit_command(CreateStream, create)


def _stretched(sampling: Sampling, factor: float) -> Sampling:
    if isinstance(sampling, ClipSampling):
        return replace(sampling, delay=round(sampling.delay * factor))
    return replace(sampling, interval=round(sampling.interval * factor))


def _hasty(sampling: Sampling) -> Sampling:
    return HastyClips(sampling.length, sampling.delay, sampling.fps) if isinstance(sampling, ClipSampling) else sampling


def _tardy(sampling: Sampling) -> Sampling:
    return TardyFrames(sampling.interval) if isinstance(sampling, FrameSampling) else sampling


def _though_idle(stream_id: str, step: EngineStep) -> Iterable[Event]:
    """Inferences go on while no frames come."""
    stream = step.state.streams[stream_id]
    before, stream.state = stream.state, StreamState.ACTIVE
    events = step.run(stream_id)
    stream.state = before
    return events


class Premature(MutantEngine):
    """Inferences begin with the stream, before there is a frame."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, deadline=(Deadline.INFERENCE, _though_idle), event=(StreamCreated, self._begin))

    def _begin(self, event: StreamCreated, state: EngineState) -> Iterable[Event]:
        plan = state.streams[event.stream_id].plan
        if plan is not None:
            state.schedule.set((Deadline.INFERENCE, event.stream_id), event.at + plan.sampling.interval)
        return [event]


MUTANTS = (
    AREA(
        "v02-cadence-doubled",
        "inferences are made twice as often as asked for",
        engine=_sampled(lambda sampling: _stretched(sampling, 0.5)),
    ),
    AREA(
        "v02-cadence-slow",
        "inferences are made at a tenth longer intervals than asked for",
        engine=_sampled(lambda sampling: _stretched(sampling, 1.1)),
    ),
    AREA("v02-clips-half-seen", "the first inference does not wait for a whole clip", engine=_sampled(_hasty)),
    AREA(
        "v02-first-frame-unasked",
        "the first frame is not asked about until an interval has passed",
        engine=_sampled(_tardy),
    ),
    AREA(
        "v02-inferences-when-idle",
        "inferences go on when frames have stopped",
        engine=on_deadline(Deadline.INFERENCE, _though_idle),
    ),
    AREA("v02-inferences-before-frames", "inferences are made before there is a frame", engine=Premature),
)
