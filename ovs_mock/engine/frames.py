"""Frames and the buffer that keeps the most recent window of them."""

from bisect import bisect_left, bisect_right
from operator import attrgetter
from typing import Protocol

from ovs_mock.engine.instants import SECOND, seconds
from ovs_mock.util.records import record

_at = attrgetter("at")


class Picture(Protocol):
    """The picture of a frame. The engine knows only its size."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...


@record(frozen=True, slots=True)
class Frame:
    """A picture, its lifetime index in the stream, and the instant it stands for."""

    index: int
    at: int
    picture: Picture


class FrameBuffer:
    """The newest frames of a stream, oldest first.

    Indices count from 0 over the stream's lifetime and eviction never renumbers them. Instants never go back.
    """

    def __init__(self) -> None:
        self._frames: list[Frame] = []
        self._start = 0
        self._received = 0
        self._last_at: int | None = None

    def __len__(self) -> int:
        return len(self._frames) - self._start

    @property
    def received(self) -> int:
        """Frames ever appended, which is the index of the next one."""
        return self._received

    @property
    def evicted(self) -> int:
        return self._received - len(self)

    @property
    def last_at(self) -> int | None:
        """The instant of the last frame that came, retained or not."""
        return self._last_at

    @property
    def oldest(self) -> Frame | None:
        return self._frames[self._start] if len(self) else None

    @property
    def newest(self) -> Frame | None:
        return self._frames[-1] if len(self) else None

    def append(self, at: int, picture: Picture) -> Frame:
        """Add the next frame. An instant before the last frame's becomes the last frame's."""
        self._last_at = at if self._last_at is None else max(at, self._last_at)
        frame = Frame(self._received, self._last_at, picture)
        self._frames.append(frame)
        self._received += 1
        return frame

    def evict_before(self, instant: int) -> None:
        """Drop the frames before ``instant``."""
        self._start = bisect_left(self._frames, instant, lo=self._start, key=_at)
        if self._start > 64 and self._start * 2 > len(self._frames):
            del self._frames[: self._start]
            self._start = 0

    def clear(self) -> None:
        """Drop all frames."""
        self._frames.clear()
        self._start = 0

    def since(self, instant: int) -> list[Frame]:
        """The retained frames after ``instant``."""
        return self._frames[bisect_right(self._frames, instant, lo=self._start, key=_at) :]

    def at_or_before(self, instant: int) -> Frame | None:
        """The last retained frame that is not after ``instant``."""
        position = bisect_right(self._frames, instant, lo=self._start, key=_at)
        return self._frames[position - 1] if position > self._start else None

    def at_or_after(self, instant: int) -> Frame | None:
        """The first retained frame that is not before ``instant``."""
        position = bisect_left(self._frames, instant, lo=self._start, key=_at)
        return self._frames[position] if position < len(self._frames) else None

    def between(self, start: int, end: int) -> list[Frame]:
        """The retained frames with indices from ``start`` to before ``end``."""
        shift = self._start - self.evicted
        first = max(start + shift, self._start)
        return self._frames[first : max(first, end + shift)]

    def recent_fps(self, window: int = 2 * SECOND) -> float:
        """Frames a second over the last ``window`` of video; 0.0 with fewer than two frames or no time between them."""
        newest = self.newest
        if newest is None:
            return 0.0
        recent = self.since(newest.at - window)
        span = newest.at - recent[0].at
        return round((len(recent) - 1) / seconds(span), 2) if span else 0.0
