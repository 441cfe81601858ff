"""What is due when in a sequence that is being made up, so that no step falls on a moment when something changes."""

from dataclasses import dataclass, field

LEASES = {"v0.2": 45.0, "v1": 300.0, "v1beta": 300.0}
IDLE_AFTER = 5.0
TOMBSTONE = 60.0
KEPT = 600.0
# Calls take real time, too.
CLEAR = 4.0

WAITS = (1.3, 3.1, 7.7, 13.9, 21.3, 33.7, 52.9, 71.1, 137.3, 293.9, 331.7)


@dataclass
class PlannedStream:
    """A stream of the sequence."""

    name: str
    version: str
    lease: float
    ended: float | None = None
    films: list[float] = field(default_factory=list)
    """When pieces of video ended."""

    def due(self) -> list[float]:
        if self.ended is not None:
            return [self.ended + TOMBSTONE]
        idle = [film + IDLE_AFTER for film in self.films[-1:]]
        return [self.lease, self.lease + TOMBSTONE, *idle, *(film + KEPT for film in self.films)]


class SequenceSchedule:
    """The sequence's own time, and its streams."""

    def __init__(self) -> None:
        self.now = 0.0
        self.streams: dict[str, PlannedStream] = {}

    def make(self, version: str) -> str:
        name = f"s{len(self.streams) + 1}"
        self.streams[name] = PlannedStream(name, version, self.now + LEASES[version])
        return name

    def renew(self, name: str) -> None:
        stream = self.streams[name]
        if self.running(name):
            stream.lease = self.now + LEASES[stream.version]

    def end(self, name: str) -> None:
        if self.running(name):
            self.streams[name].ended = self.now

    def running(self, name: str) -> bool:
        stream = self.streams[name]
        return stream.ended is None and stream.lease > self.now

    def alive(self) -> list[str]:
        return [name for name in self.streams if self.running(name)]

    def clear_after(self, seconds: float) -> bool:
        """Whether nothing is due about the time when so much has gone by."""
        then = self.now + seconds
        return all(abs(due - then) > CLEAR for stream in self.streams.values() for due in stream.due())

    def waits(self, longest: float) -> list[float]:
        """How long one may wait now."""
        return [seconds for seconds in WAITS if seconds <= longest and self.clear_after(seconds)]

    def play(self, name: str, seconds: float) -> None:
        self.now += seconds
        self.streams[name].films.append(self.now)
