"""References find the frames that a plain search finds."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ovs_support.engine import Blank

from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.frames import Frame, FrameBuffer
from ovs_mock.engine.instants import SECOND, micros
from ovs_mock.engine.references import (
    Anchor,
    AtIndex,
    AtOffset,
    AtTime,
    Direction,
    Evicted,
    FrameReference,
    FrameResolver,
    SegmentReference,
    limit_fps,
)

START = 1_000 * SECOND


@dataclass
class Video:
    """A buffer and the frames that it should hold."""

    buffer: FrameBuffer
    frames: list[Frame]
    received: int

    def resolver(self, evicted: Evicted = Evicted.REFUSE) -> FrameResolver:
        return FrameResolver(self.buffer, START, evicted)


def video(gaps: list[int], evicted: int = 0) -> Video:
    """Frames with those gaps between them, of which the first few are gone."""
    buffer, at, frames = FrameBuffer(), START, []
    for gap in [0, *gaps][: len(gaps) or 0]:
        at += gap
        frames.append(buffer.append(at, Blank()))
    gone = min(evicted, len(frames))
    if gone:
        buffer.evict_before(frames[gone].at if gone < len(frames) else at + 1)
    kept = [f for f in frames if gone < len(frames) and f.at >= frames[gone].at]
    return Video(buffer, kept, len(frames))


videos = st.builds(video, st.lists(st.integers(1, 2 * SECOND), max_size=40), st.integers(0, 45))
steady = video([SECOND // 10] * 100, evicted=20)
moments = st.integers(-10 * SECOND, 90 * SECOND)
anchors: st.SearchStrategy[Anchor] = st.one_of(
    st.builds(AtIndex, st.integers(-50, 50)), st.builds(AtTime, moments), st.builds(AtOffset, moments)
)
policies = st.sampled_from(Evicted)


def instant_of(anchor: AtTime | AtOffset, video: Video) -> int:
    if isinstance(anchor, AtTime):
        return START + anchor.time
    edge = video.frames[-1] if anchor.offset < 0 else video.frames[0]
    return edge.at + anchor.offset


@given(videos, st.integers(-60, 60), policies)
def test_an_index_is_a_lifetime_index(video: Video, index: int, evicted: Evicted) -> None:
    absolute = index if index >= 0 else video.received + index
    by_index = {frame.index: frame for frame in video.frames}
    try:
        found = video.resolver(evicted).frame(FrameReference(AtIndex(index)))
    except CommandRejectedError as refused:
        assert absolute not in by_index
        produced = 0 <= absolute < video.received or (evicted is Evicted.CLAMP and absolute < video.received)
        assert refused.code is (
            ErrorCode.FRAME_EVICTED if produced and video.received else ErrorCode.FRAME_NOT_YET_PRODUCED
        )
        assert not (produced and evicted is Evicted.CLAMP and video.frames)
    else:
        assert found == by_index.get(absolute, video.frames[0])
        assert absolute in by_index or (evicted is Evicted.CLAMP and absolute < video.frames[0].index)


@given(videos, moments, st.integers(1, 3 * SECOND), st.sampled_from(Direction), policies, st.booleans())
def test_a_moment_finds_the_nearest_frame_within_the_tolerance(
    video: Video,
    moment: int,
    tolerance: int,
    direction: Direction,
    evicted: Evicted,
    offset: bool,  # noqa: FBT001
) -> None:
    anchor = AtOffset(moment) if offset else AtTime(moment)
    resolver = video.resolver(evicted)
    reference = FrameReference(anchor, tolerance, direction)
    if not video.frames:
        with pytest.raises(CommandRejectedError):
            resolver.frame(reference)
        return
    instant = instant_of(anchor, video)
    sides = {
        Direction.NEAREST: video.frames,
        Direction.FORWARD: [f for f in video.frames if f.at >= instant],
        Direction.BACKWARD: [f for f in video.frames if f.at <= instant],
    }
    close = [f for f in sides[direction] if abs(f.at - instant) <= tolerance]
    try:
        found = resolver.frame(reference)
    except CommandRejectedError as refused:
        assert not close
        expected = ErrorCode.FRAME_NOT_FOUND
        if instant > video.frames[-1].at:
            expected = ErrorCode.FRAME_NOT_YET_PRODUCED
        elif instant < video.frames[0].at and video.buffer.evicted:
            expected = ErrorCode.FRAME_EVICTED
        assert refused.code is expected
    else:
        if close:
            assert abs(found.at - instant) == min(abs(f.at - instant) for f in close)
        else:
            assert (found, evicted) == (video.frames[0], Evicted.CLAMP)


@given(videos, anchors, st.none() | anchors, st.floats(0.01, 100))
def test_a_segment_holds_the_retained_frames_between_its_ends(
    video: Video, start: Anchor, end: Anchor | None, max_fps: float
) -> None:
    resolver = video.resolver()
    everything = SegmentReference(start, end, max_fps=1e9)
    try:
        found = resolver.segment(everything)
    except CommandRejectedError as refused:
        assert refused.code in (ErrorCode.SEGMENT_EMPTY, ErrorCode.SEGMENT_INVALID)
        return
    assert found
    indices = [f.index for f in found]
    assert indices == list(range(indices[0], indices[-1] + 1)), "no frame in between is left out"
    assert set(indices) <= {f.index for f in video.frames}
    for frame in video.frames:
        inside = after(frame, start, video) and not (end is not None and after(frame, end, video))
        assert inside == (frame in found)
    assert set(resolver.segment(SegmentReference(start, end, max_fps))) <= set(found)


def after(frame: Frame, anchor: Anchor, video: Video) -> bool:
    """Whether the frame is at the anchor or behind it."""
    if isinstance(anchor, AtIndex):
        absolute = anchor.index if anchor.index >= 0 else max(0, video.received + anchor.index)
        return frame.index >= absolute
    return frame.at >= instant_of(anchor, video)


@given(videos, st.floats(0.05, 60))
def test_thinning_keeps_the_first_frame_and_the_pace(video: Video, max_fps: float) -> None:
    if not video.frames:
        return
    kept = limit_fps(video.frames, max_fps)
    assert kept[0] == video.frames[0]
    span = (video.frames[-1].at - video.frames[0].at) / SECOND
    assert len(kept) <= span * max_fps + 1.001


def test_the_last_five_seconds_at_two_frames_a_second_are_ten_frames() -> None:
    found = steady.resolver().segment(SegmentReference(AtOffset(-5 * SECOND + 1), max_fps=2))
    assert len(found) == 10


def test_the_default_tolerance_finds_the_first_frame_at_zero() -> None:
    fresh = video([SECOND // 30] * 10)
    assert fresh.resolver().frame(FrameReference(AtTime(0))).index == 0


def test_an_end_a_little_past_the_live_edge_is_normal() -> None:
    end = AtTime(steady.frames[-1].at - START + 5 * SECOND)
    assert steady.resolver().segment(SegmentReference(AtOffset(-SECOND), end, max_fps=30))[-1] == steady.frames[-1]


def test_offset_zero_is_the_start_of_the_buffer() -> None:
    assert steady.resolver().frame(FrameReference(AtOffset(0))) == steady.frames[0]
    assert steady.resolver().segment(SegmentReference(AtOffset(0), max_fps=30))[0] == steady.frames[0]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (AtIndex(50), AtIndex(50)),
        (AtIndex(-1), AtIndex(-5)),
        (AtTime(micros(5)), AtTime(micros(5))),
        (AtTime(micros(6)), AtTime(micros(5))),
        (AtOffset(-100), AtOffset(-200)),
        (AtIndex(90), AtTime(micros(3))),
    ],
)
def test_an_end_that_is_not_after_the_start_is_invalid(start: Anchor, end: Anchor) -> None:
    with pytest.raises(CommandRejectedError) as refused:
        steady.resolver().segment(SegmentReference(start, end))
    assert refused.value.code is ErrorCode.SEGMENT_INVALID


@pytest.mark.parametrize("end", [AtIndex(10), AtTime(micros(1))])
def test_a_segment_that_is_all_gone_is_empty(end: Anchor) -> None:
    with pytest.raises(CommandRejectedError) as refused:
        steady.resolver().segment(SegmentReference(AtIndex(0), end))
    assert refused.value.code is ErrorCode.SEGMENT_EMPTY


def test_a_segment_that_is_partly_gone_is_what_is_left() -> None:
    found = steady.resolver().segment(SegmentReference(AtIndex(0), AtIndex(25), max_fps=100))
    assert [f.index for f in found] == [20, 21, 22, 23, 24]
