"""The frames of one stream, and which of them a reference means: a small model of its own."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

TOLERANCE_MS = 100

# What a reference leads to: frames, or why it leads to none.
Resolution = tuple[int, ...] | str

# The codes of the errors.
GONE = "frame_evicted"
NOT_YET = "frame_not_yet_produced"
NOT_FOUND = "frame_not_found"
INVALID = "segment_invalid"
EMPTY = "segment_empty"

# Moments are known to the millisecond, on either side of the call.
TIME_ERRORS_MS = (-2.0, 0.0, 2.0)


@dataclass(frozen=True)
class FrameAnchor:
    """``frame_index``, ``timestamp_ms`` or ``offset_ms``, and a number."""

    kind: str
    value: int

    def __str__(self) -> str:
        return f"{self.kind}={self.value}"


@dataclass
class FrameModel:
    """When each frame came, in milliseconds since the epoch, by lifetime index; the first ``evicted`` are gone."""

    times: list[float] = field(default_factory=list)
    evicted: int = 0
    segment_starts: set[int] = field(default_factory=set)
    """Indices of first frames of a piece of video."""

    def add_frames(self, times: Sequence[float]) -> None:
        """Another piece of video came."""
        self.segment_starts.add(self.count)
        self.times += times

    @property
    def count(self) -> int:
        return len(self.times)

    def frame(
        self, anchor: FrameAnchor, *, clamps: bool, tolerance: int = TOLERANCE_MS, direction: str = "nearest"
    ) -> set[Resolution]:
        """What one frame may be."""
        if anchor.kind == "frame_index":
            return {self._at_index(anchor.value, clamps=clamps)}
        if self.evicted == self.count:
            return {GONE if self.count else NOT_YET}
        moment = self._moment(anchor)
        return {self._near(moment + fuzz, tolerance, direction, clamps=clamps) for fuzz in TIME_ERRORS_MS}

    def segment(self, start: FrameAnchor, end: FrameAnchor | None, max_fps: float) -> set[Resolution]:
        """What a segment may be; without those that ``max_fps`` leaves out."""
        fuzz = product(TIME_ERRORS_MS, TIME_ERRORS_MS) if _timed(start) or _timed(end) else [(0.0, 0.0)]
        return {self._between(start, end, max_fps, first, last) for first, last in fuzz}

    def _at_index(self, index: int, *, clamps: bool) -> Resolution:
        wanted = index if index >= 0 else self.count + index
        if wanted >= self.count or (wanted < 0 and not clamps):
            return NOT_YET
        if wanted >= self.evicted:
            return (wanted,)
        return (self.evicted,) if clamps and self.evicted < self.count else GONE

    def _near(self, moment: float, tolerance: int, direction: str, *, clamps: bool) -> Resolution:
        retained = range(self.evicted, self.count)
        allowed = {
            "nearest": retained,
            "forward": [index for index in retained if self.times[index] >= moment],
            "backward": [index for index in retained if self.times[index] <= moment],
        }[direction]
        near = [index for index in allowed if abs(self.times[index] - moment) <= tolerance]
        if near:
            return (min(near, key=lambda index: abs(self.times[index] - moment)),)
        if moment > self.times[-1]:
            return NOT_YET
        if moment < self.times[self.evicted] and self.evicted:
            return (self.evicted,) if clamps else GONE
        return NOT_FOUND

    def _between(
        self, start: FrameAnchor, end: FrameAnchor | None, max_fps: float, fuzz: float, fuzz_end: float
    ) -> Resolution:
        first, last = self._position(start, fuzz), self.count if end is None else self._position(end, fuzz_end)
        if end is not None and self._backwards(start, end, first, last):
            return INVALID
        frames = range(max(first, self.evicted), min(last, self.count))
        return self._thinned(frames, max_fps) if frames else EMPTY

    def _position(self, anchor: FrameAnchor, fuzz: float) -> int:
        """Of the first frame at or after the anchor."""
        if anchor.kind == "frame_index":
            return anchor.value if anchor.value >= 0 else max(0, self.count + anchor.value)
        moment = self._moment(anchor) + fuzz
        return next((index for index in range(self.evicted, self.count) if self.times[index] >= moment), self.count)

    def _backwards(self, start: FrameAnchor, end: FrameAnchor, first: int, last: int) -> bool:
        if _timed(start) and _timed(end):
            return self._moment(end) <= self._moment(start)
        return last < first if _timed(start) or _timed(end) else last <= first

    def _moment(self, anchor: FrameAnchor) -> float:
        begun = self.times[0] if self.times else 0.0
        if anchor.kind == "timestamp_ms":
            return begun + anchor.value
        if self.evicted == self.count:
            return begun + anchor.value
        return (self.times[-1] if anchor.value < 0 else self.times[self.evicted]) + anchor.value

    def _thinned(self, frames: range, max_fps: float) -> Resolution:
        """The first frame of each slot."""
        slots: dict[int, int] = {}
        for index in frames:
            slots.setdefault(math.floor((self.times[index] - self.times[frames[0]]) * max_fps / 1000 + 1e-6), index)
        return tuple(slots.values())


def _timed(anchor: FrameAnchor | None) -> bool:
    return anchor is not None and anchor.kind != "frame_index"
