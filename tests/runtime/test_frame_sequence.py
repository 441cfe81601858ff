"""Frames that a test hands over come at their instants, as they are; what cannot be frames is refused before that."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ovs_support.engine import create

from ovs_mock.engine.engine import Engine
from ovs_mock.engine.events import StreamCreated, StreamEnded
from ovs_mock.engine.frames import Frame
from ovs_mock.engine.instants import SECOND, micros
from ovs_mock.engine.sampling import FrameSampling
from ovs_mock.engine.settings import Settings
from ovs_mock.model import ScriptedModel
from ovs_mock.runtime.clock import FrozenClock
from ovs_mock.runtime.frame_injector import FrameInjector, InjectedFrames
from ovs_mock.runtime.frame_sequence import MAX_FRAMES, Frames, Spacing
from ovs_mock.runtime.runtime import Runtime
from ovs_mock.video.files import VideoFileError, write_stamped_video
from ovs_mock.video.patterns import TimedFrame, solid
from ovs_mock.video.pixels import Pixels, Rgb
from ovs_mock.video.stamp import read_stamp

START = 1_000 * SECOND
TINY = np.zeros((2, 2, 3), np.uint8)


class Set:
    """A runtime with one stream, into which frames are pushed."""

    def __init__(self, retention: float, lease: float) -> None:
        self.runtime = Runtime(Engine(Settings(seed=1)), FrozenClock(START), ScriptedModel())
        self.footage = FrameInjector(self.runtime)
        command = create(sampling=FrameSampling(micros(1e6)), lease=micros(lease), retention=micros(retention))
        self.stream_id = self.runtime.ask(command, StreamCreated).stream_id

    async def push(self, frames: Frames, *, fps: float = 10.0, times: Any = None, **options: Any) -> InjectedFrames:
        shots = self.footage.read_sequence(frames, Spacing(fps=fps, times=times), **options)
        return await self.footage.push_sequence(self.stream_id, shots)

    @property
    def frames(self) -> list[Frame]:
        return self.runtime.current_state().streams[self.stream_id].frames.since(0)

    @property
    def pixels(self) -> Iterator[Rgb]:
        for frame in self.frames:
            assert isinstance(frame.picture, Pixels)
            yield frame.picture.rgb()

    @property
    def gone_by(self) -> int:
        """Microseconds by which the clock was moved."""
        return self.runtime.clock.now() - START


@asynccontextmanager
async def a_set(*, retention: float = 60, lease: float = 1e5) -> AsyncIterator[Set]:
    made = Set(retention, lease)
    yield made
    await made.runtime.close()


@settings(deadline=None)
@given(
    times=st.lists(st.floats(0, 100, allow_nan=False), min_size=1, max_size=30).map(sorted),
    retention=st.floats(0.5, 120),
    drawn=st.booleans(),
)
async def test_each_frame_stands_at_its_time_and_the_buffer_keeps_what_it_may(
    *, times: list[float], retention: float, drawn: bool
) -> None:
    async with a_set(retention=retention) as set_:
        played = await set_.push(len(times) if drawn else [TINY] * len(times), times=times)
        kept = [
            (index, micros(time))
            for index, time in enumerate(times)
            if micros(time) >= micros(times[-1]) - micros(retention)
        ]
        assert played.frames == len(times)
        assert [(frame.index, frame.at - START) for frame in set_.frames] == kept
        assert set_.gone_by == micros(times[-1])


@settings(deadline=None)
@given(st.integers(1, 60), st.floats(0.5, 60))
async def test_evenly_spaced_pushes_follow_one_another_without_a_seam(count: int, fps: float) -> None:
    async with a_set(retention=1e4) as once, a_set(retention=1e4) as twice:
        await once.push(2 * count, fps=fps)
        await twice.push(count, fps=fps)
        await twice.push([TINY] * count, fps=fps)
        apart = [abs(a.at - b.at) for a, b in zip(once.frames, twice.frames, strict=True)]
        # An instant is a whole number of microseconds.
        assert max(apart) <= 1
        assert once.gone_by == round(2 * count * SECOND / fps)


async def test_frames_of_a_file_bring_their_own_times(tmp_path: Path) -> None:
    path = write_stamped_video(tmp_path / "clip.mp4", fps=10, seconds=0.5)
    async with a_set() as set_:
        await set_.push(path)
        assert [frame.at - START for frame in set_.frames] == [i * 100_000 for i in range(5)]
        assert [stamp.number for rgb in set_.pixels if (stamp := read_stamp(rgb))] == list(range(5))
        assert set_.gone_by == 400_000


async def test_timed_frames_come_at_their_times() -> None:
    async with a_set() as set_:
        await set_.push(TimedFrame(TINY, time) for time in (0.5, 0.5, 2))
        assert [frame.at - START for frame in set_.frames] == [500_000, 500_000, 2_000_000]


async def test_what_is_handed_over_is_copied_and_comes_out_as_it_was() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (120, 160, 3), np.uint8)
    before = picture.copy()
    async with a_set() as set_:
        shown = iter([picture, picture[::-1, ::2], picture])
        await set_.push(shown)
        picture[:] = 0
        first, second, third = set_.pixels
        assert (first == before).all()
        assert (second == before[::-1, ::2]).all()
        first[:] = 7
        assert (third == before).all()
        assert (next(set_.pixels) == before).all()


async def test_stamps_say_the_lifetime_index_and_the_time_in_the_stream() -> None:
    async with a_set() as set_:
        await set_.push(3)
        await set_.push([solid("red", 320, 180)] * 2, times=[0.1, 0.3], stamp=True)
        stamps = [stamp for rgb in list(set_.pixels)[3:] if (stamp := read_stamp(rgb))]
        assert [(stamp.number, stamp.time_ms) for stamp in stamps] == [(3, 400), (4, 600)]


async def test_a_stream_that_ends_on_the_way_gets_no_more_frames() -> None:
    async with a_set(lease=3) as set_:
        played = await set_.push([TINY] * 10, fps=2)
        assert played.frames == 6
        assert [event.at - START for event in played.events if isinstance(event, StreamEnded)] == [3 * SECOND]
        assert set_.gone_by == 5 * SECOND


@pytest.mark.parametrize(
    ("frames", "options", "words"),
    [
        (0, {}, f"0 frames: expected 1 to {MAX_FRAMES}"),
        (-1, {}, "-1 frames: expected 1"),
        (MAX_FRAMES + 1, {}, f"expected 1 to {MAX_FRAMES}"),
        (1, {"width": 0}, "frames of 0x360: expected at least one pixel"),
        (3, {"fps": 0}, "fps=0: expected frames a second, more than zero"),
        (3, {"fps": float("nan")}, "fps=nan: expected"),
        (3, {"fps": float("inf")}, "fps=inf: expected"),
        (3, {"times": [0, 1]}, "2 times for 3 frames: expected one for each"),
        (2, {"times": [1, 0.5]}, r"times\[1\] is 0.5, after 1: expected times that do not decrease"),
        (2, {"times": [-1, 0]}, r"times\[0\] is -1: expected seconds from now, zero or more"),
        (1, {"times": [float("nan")]}, r"times\[0\] is nan: expected seconds"),
        ([], {}, "0 frames: expected 1"),
        ([TINY, TINY.astype(float)], {}, r"frame 1 is an array of \(2, 2, 3\) of float64: expected"),
        ([TINY[..., 0]], {}, r"frame 0 is an array of \(2, 2\) of uint8: expected"),
        ([np.zeros((2, 2, 4), np.uint8)], {}, r"\(2, 2, 4\) of uint8: expected an array of \(height, width, 3\)"),
        ([np.zeros((0, 2, 3), np.uint8)], {}, r"\(0, 2, 3\) of uint8: expected"),
        (["door.mp4"], {}, "frame 0 is of str: expected"),
        (TINY, {}, r"one picture: put it into a list, as in push_frames\(\[picture\]\)"),
        (1.5, {}, "frames=1.5: expected a number of frames, the path"),
        ([TINY], {"stamp": True}, "frame 0 is 2x2: with stamp=True expected at least 160x120"),
        ([TimedFrame(TINY, 0)], {"times": [0]}, "bring their own times: leave times out"),
        ([TimedFrame(TINY, 1), TimedFrame(TINY, 0)], {}, r"times\[1\] is 0, after 1"),
        ([TimedFrame(TINY, 1), TINY], {}, "1 of 2 frames are TimedFrames: expected all of them, or none"),
    ],
)
async def test_what_cannot_be_frames_is_refused_before_any_comes(
    frames: Any, options: dict[str, Any], words: str
) -> None:
    async with a_set() as set_:
        with pytest.raises(ValueError, match=words):
            await set_.push(frames, **options)
        assert not set_.frames
        assert set_.gone_by == 0


async def test_a_file_that_is_no_video_is_named(tmp_path: Path) -> None:
    async with a_set() as set_:
        with pytest.raises(VideoFileError, match=r"gone\.mp4: there is no such file"):
            await set_.push(str(tmp_path / "gone.mp4"))


async def test_a_footage_that_is_closed_keeps_no_pictures() -> None:
    async with a_set() as set_:
        await set_.push([TINY] * 3)
        set_.footage.close()
        assert set_.frames == []
        assert set_.runtime.current_state().streams[set_.stream_id].frames.received == 3
