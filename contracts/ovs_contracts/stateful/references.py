"""References into a stream, as machines draw them and as URLs say them."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from ovs_contracts.stateful.frame_model import TOLERANCE_MS, FrameAnchor, FrameModel, Resolution
from ovs_contracts.stateful.readable import Readable

EVERY_FRAME = 1000.0

# Frames that begin so, as ``figures.spoken`` understands it.
ExpectedFrames = Resolution | tuple[Any, ...]


@dataclass(frozen=True, repr=False)
class ImageReference(Readable):
    """What an ``image_url`` says behind the question mark."""

    anchor: FrameAnchor
    tolerance: int | None
    direction: str | None

    def __repr__(self) -> str:
        return _query(self.anchor, tolerance_ms=self.tolerance, direction=self.direction)

    def resolve(self, film: FrameModel, *, clamps: bool) -> set[Resolution]:
        tolerance, direction = self.tolerance or TOLERANCE_MS, self.direction or "nearest"
        return film.frame(self.anchor, clamps=clamps, tolerance=tolerance, direction=direction)


@dataclass(frozen=True, repr=False)
class VideoReference(Readable):
    """What a ``video_url`` says behind the question mark."""

    start: FrameAnchor
    end: FrameAnchor | None
    max_fps: float | None

    def __repr__(self) -> str:
        end = [] if self.end is None else [f"end_{self.end}"]
        return _query(f"start_{self.start}", *end, max_fps=self.max_fps)

    def resolve(self, film: FrameModel) -> set[ExpectedFrames]:
        every = film.segment(self.start, self.end, EVERY_FRAME)
        if self.max_fps == EVERY_FRAME:
            return set(every)
        if any(isinstance(frames, tuple) and film.segment_starts.intersection(frames[1:]) for frames in every):
            # Which frames are left out depends on microseconds between two pieces of video.
            return {frames if isinstance(frames, str) else ("some", frames[0]) for frames in every}
        return set(film.segment(self.start, self.end, self.max_fps or 1.0))


def _query(*fixed: object, **optional: object) -> str:
    return "&".join([*map(str, fixed), *(f"{name}={value}" for name, value in optional.items() if value is not None)])


anchors = (
    st.builds(FrameAnchor, st.just("frame_index"), st.integers(-30, 60))
    | st.builds(FrameAnchor, st.just("timestamp_ms"), st.integers(-500, 12_000))
    | st.builds(FrameAnchor, st.just("offset_ms"), st.integers(-6_000, 6_000))
)
frames = st.builds(
    ImageReference,
    anchors,
    st.sampled_from([None, 1, 300, 2000]),
    st.sampled_from([None, "nearest", "forward", "backward"]),
)
segments = st.builds(VideoReference, anchors, st.none() | anchors, st.sampled_from([None, 2.0, EVERY_FRAME]))
