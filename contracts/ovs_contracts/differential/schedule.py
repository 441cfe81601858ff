"""When streams of a generated sequence change by themselves, so that no step coincides with a change."""

from dataclasses import dataclass, field

from ovs_contracts.documents.versions import versions

IDLE_AFTER = float(max(version.idle_seconds for version in versions().values()))
RETENTION = float(max(version.retention_seconds for version in versions().values()))
FRAMES_KEPT = float(max(version.frame_buffer_seconds for version in versions().values()))
# Calls take real time too: a step keeps so many seconds from every change.
MARGIN = 4.0

WAITS = (1.3, 3.1, 7.7, 13.9, 21.3, 33.7, 52.9, 71.1, 137.3, 293.9, 331.7)


@dataclass
class PlannedStream:
    """A stream of the sequence."""

    name: str
    version: str
    lease: float
    ended: float | None = None
    video_ends: list[float] = field(default_factory=list)
    """When pieces of video ended."""

    def changes(self) -> list[float]:
        """When the stream changes by itself."""
        if self.ended is not None:
            return [self.ended + RETENTION]
        idle = [end + IDLE_AFTER for end in self.video_ends[-1:]]
        return [self.lease, self.lease + RETENTION, *idle, *(end + FRAMES_KEPT for end in self.video_ends)]


class SequenceSchedule:
    """The time of the sequence, and its streams."""

    def __init__(self) -> None:
        self.now = 0.0
        self.streams: dict[str, PlannedStream] = {}

    def add(self, version: str) -> str:
        name = f"s{len(self.streams) + 1}"
        self.streams[name] = PlannedStream(name, version, self.now + versions()[version].lease_seconds)
        return name

    def renew(self, name: str) -> None:
        stream = self.streams[name]
        if self.is_running(name):
            stream.lease = self.now + versions()[stream.version].lease_seconds

    def end(self, name: str) -> None:
        if self.is_running(name):
            self.streams[name].ended = self.now

    def is_running(self, name: str) -> bool:
        stream = self.streams[name]
        return stream.ended is None and stream.lease > self.now

    def running_streams(self) -> list[str]:
        return [name for name in self.streams if self.is_running(name)]

    def is_clear_after(self, seconds: float) -> bool:
        """Whether nothing changes about so many seconds from now."""
        then = self.now + seconds
        return all(abs(change - then) > MARGIN for stream in self.streams.values() for change in stream.changes())

    def waits(self, longest: float) -> list[float]:
        """The waits that coincide with no change, in seconds."""
        return [seconds for seconds in WAITS if seconds <= longest and self.is_clear_after(seconds)]

    def play(self, name: str, seconds: float) -> None:
        self.now += seconds
        self.streams[name].video_ends.append(self.now)
