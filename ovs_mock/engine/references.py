"""Which frames a reference into a stream means.

A stream's clock runs in microseconds from its first frame; indices are lifetime indices. Nothing here knows how a
reference is written.
"""

from enum import Enum, auto

from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.frames import Frame, FrameBuffer
from ovs_mock.engine.instants import SECOND
from ovs_mock.util.records import record

DEFAULT_TOLERANCE = 100_000


class Evicted(Enum):
    """How to resolve an index that is older than the buffer."""

    CLAMP = auto()
    """Take the oldest frame that there is."""
    REFUSE = auto()


class Direction(Enum):
    NEAREST = auto()
    FORWARD = auto()
    BACKWARD = auto()


@record(frozen=True, slots=True)
class AtIndex:
    """A lifetime index; a negative one counts from the newest frame, which is -1."""

    index: int


@record(frozen=True, slots=True)
class AtTime:
    """A moment of the stream's clock, in microseconds since the first frame."""

    time: int


@record(frozen=True, slots=True)
class AtOffset:
    """Microseconds: below zero before the newest frame, from zero on after the oldest one retained."""

    offset: int


Anchor = AtIndex | AtTime | AtOffset


@record(frozen=True, slots=True)
class FrameReference:
    """One frame. Tolerance (in microseconds) and direction do not matter to an index."""

    anchor: Anchor
    tolerance: int = DEFAULT_TOLERANCE
    direction: Direction = Direction.NEAREST


@record(frozen=True, slots=True)
class SegmentReference:
    """Frames from ``start`` to before ``end`` (``None``: up to the newest), at most ``max_fps`` a second."""

    start: Anchor
    end: Anchor | None = None
    max_fps: float = 1.0


@record(frozen=True, slots=True)
class FrameResolver:
    """Resolves references into one buffer. ``started_at`` is the instant of the stream's first frame ever.

    Raises CommandRejectedError with FRAME_EVICTED, FRAME_NOT_YET_PRODUCED, FRAME_NOT_FOUND (nothing within the
    tolerance, in a gap), SEGMENT_INVALID (the end is not after the start) and SEGMENT_EMPTY.
    """

    buffer: FrameBuffer
    started_at: int
    evicted: Evicted

    def frame(self, reference: FrameReference) -> Frame:
        match reference.anchor:
            case AtIndex(index):
                return self._by_index(index)
            case anchor:
                return self._by_time(self._instant(anchor), reference)

    def segment(self, reference: SegmentReference) -> list[Frame]:
        """At least one frame, oldest first."""
        start = self._position(reference.start)
        end = self.buffer.received if reference.end is None else self._position(reference.end)
        if reference.end is not None and self._is_backwards(reference.start, reference.end, start, end):
            raise CommandRejectedError(ErrorCode.SEGMENT_INVALID, "The segment's end is not after its start.")
        frames = self.buffer.between(start, end)
        if not frames:
            raise CommandRejectedError(ErrorCode.SEGMENT_EMPTY, "No frame of the segment is retained.")
        return limit_fps(frames, reference.max_fps)

    def _by_index(self, index: int) -> Frame:
        absolute = index if index >= 0 else self.buffer.received + index
        oldest = self.buffer.oldest
        beyond = absolute < 0 and self.evicted is Evicted.REFUSE
        if absolute >= self.buffer.received or beyond:
            raise _not_yet_produced(f"Frame {index} has not been produced yet: {self.buffer.received} frames have.")
        if oldest is None:
            raise self._no_frame()
        if absolute < oldest.index:
            if self.evicted is Evicted.REFUSE:
                raise _frame_evicted(f"Frame {index} has been evicted: the oldest retained one is {oldest.index}.")
            return oldest
        return self.buffer.between(absolute, absolute + 1)[0]

    def _by_time(self, instant: int, reference: FrameReference) -> Frame:
        oldest, newest = self.buffer.oldest, self.buffer.newest
        if oldest is None or newest is None:
            raise self._no_frame()
        found = self._nearest(instant, reference)
        if found is not None:
            return found
        if instant > newest.at:
            raise _not_yet_produced("The moment is after the newest frame.")
        if instant < oldest.at and self.buffer.evicted:
            if self.evicted is Evicted.CLAMP:
                return oldest
            raise _frame_evicted("The moment is before the oldest frame that is retained.")
        raise CommandRejectedError(ErrorCode.FRAME_NOT_FOUND, "No frame is that close to the moment.")

    def _no_frame(self) -> CommandRejectedError:
        if self.buffer.received:
            return _frame_evicted("No frame is retained any more.")
        return _not_yet_produced("No frame came yet.")

    def _nearest(self, instant: int, reference: FrameReference) -> Frame | None:
        before = self.buffer.at_or_before(instant)
        after = self.buffer.at_or_after(instant)
        candidates = {
            Direction.NEAREST: (before, after),
            Direction.FORWARD: (after,),
            Direction.BACKWARD: (before,),
        }[reference.direction]
        within = [f for f in candidates if f is not None and abs(f.at - instant) <= reference.tolerance]
        return min(within, key=lambda frame: abs(frame.at - instant), default=None)

    def _instant(self, anchor: AtTime | AtOffset) -> int:
        match anchor:
            case AtTime(time):
                return self.started_at + time
            case AtOffset(offset):
                oldest, newest = self.buffer.oldest, self.buffer.newest
                edge = newest if offset < 0 else oldest
                return (edge.at if edge else self.started_at) + offset

    def _position(self, anchor: Anchor) -> int:
        """The lifetime index where an anchor stands: that of the first frame at or after it."""
        match anchor:
            case AtIndex(index):
                return index if index >= 0 else max(0, self.buffer.received + index)
            case moment:
                frame = self.buffer.at_or_after(self._instant(moment))
                return frame.index if frame else self.buffer.received

    def _is_backwards(self, start: Anchor, end: Anchor, first: int, last: int) -> bool:
        """Whether the end is at or before the start, as they were given; without frames between is another matter."""
        if isinstance(start, AtIndex) and isinstance(end, AtIndex):
            return last <= first
        if isinstance(start, AtIndex) or isinstance(end, AtIndex):
            return last < first
        return self._instant(end) <= self._instant(start)


def limit_fps(frames: list[Frame], max_fps: float) -> list[Frame]:
    """The first frame of each slot of 1/max_fps seconds, counted from the first frame."""
    slots: dict[int, Frame] = {}
    for frame in frames:
        slots.setdefault(int((frame.at - frames[0].at) * max_fps // SECOND), frame)
    return list(slots.values())


def _frame_evicted(message: str) -> CommandRejectedError:
    return CommandRejectedError(ErrorCode.FRAME_EVICTED, message)


def _not_yet_produced(message: str) -> CommandRejectedError:
    return CommandRejectedError(ErrorCode.FRAME_NOT_YET_PRODUCED, message)
