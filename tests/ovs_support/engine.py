"""The engine without a clock or a loop: tests say what time it is."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ovs_mock.engine.commands import Command, CreateStream, FrameArrived
from ovs_mock.engine.engine import Engine
from ovs_mock.engine.events import Event, InferenceDue, StreamCreated
from ovs_mock.engine.inference import InferencePlan
from ovs_mock.engine.instants import micros
from ovs_mock.engine.sampling import FrameSampling
from ovs_mock.engine.service import Service
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.stream import NativeSource, Stream, StreamRules

E = TypeVar("E")

KEY = "ovs-alice"
MODEL = "Qwen/Qwen3.5-9B"
PLAN = InferencePlan(sampling=FrameSampling(micros(1)), prompt="What is there?", model=MODEL)
RULES = StreamRules(
    service=Service.RESULTS,
    evict_by_clock=False,
    needs_credits=True,
    lease=micros(45),
    retention=micros(60),
    tombstone=micros(60),
    idle_after=micros(5),
    departure_grace=micros(15),
    concurrent_streams=5,
    microcents_per_minute=2_000_000,
)


@dataclass(frozen=True)
class Blank:
    """A picture of which only the size is known."""

    width: int = 640
    height: int = 480


def create(key: str | None = KEY, **changes: Any) -> CreateStream:
    """A command that makes a stream of one inference a second."""
    plan = replace(PLAN, **{k: changes.pop(k) for k in list(changes) if hasattr(PLAN, k)})
    rules = replace(RULES, **{k: changes.pop(k) for k in list(changes) if hasattr(RULES, k)})
    return CreateStream(**{"key": key, "source": NativeSource(), "plan": plan, "rules": rules, **changes})


class Bench:
    """An engine and a hand on its clock; ``at`` is in seconds from the start."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.engine = Engine(settings or Settings(seed=1))
        self.at = 0.0

    @property
    def now(self) -> int:
        return micros(self.at)

    def do(self, command: Command) -> list[Event]:
        """Carry out a command after what was due."""
        return self.engine.expire(self.now) + self.engine.handle(command, self.now)

    def one(self, command: Command, answer: type[E]) -> E:
        """Carry out a command that is answered by one event of a type."""
        self.engine.expire(self.now)
        return only(self.engine.handle(command, self.now), answer)[0]

    def go_to(self, at: float) -> list[Event]:
        """Let time pass until ``at``."""
        self.at = at
        return self.engine.expire(self.now)

    def stream(self, **changes: Any) -> Stream:
        """A new stream."""
        created = self.one(create(**changes), StreamCreated)
        return self.engine.state.streams[created.stream_id]

    def frame(self, stream: Stream, width: int = 640, height: int = 480) -> list[Event]:
        """A frame that stands for now."""
        return self.do(FrameArrived(stream.id, self.now, Blank(width, height)))


def only(events: list[Event], kind: type[E]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def inferences(events: list[Event]) -> list[InferenceDue]:
    return only(events, InferenceDue)
