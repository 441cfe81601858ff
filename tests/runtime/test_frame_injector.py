"""Frames come at exact instants, and say in their pixels which they are."""

from collections.abc import AsyncIterator

import pytest
from ovs_support.engine import create

from ovs_mock.engine.engine import Engine
from ovs_mock.engine.events import InferenceDue, StreamCreated, StreamEnded
from ovs_mock.engine.instants import SECOND, micros
from ovs_mock.engine.sampling import FrameSampling
from ovs_mock.engine.settings import Settings
from ovs_mock.model import ScriptedModel
from ovs_mock.model.observation import FrameObserver
from ovs_mock.runtime.clock import ClockError, FrozenClock, RealClock
from ovs_mock.runtime.frame_injector import FrameInjector, NoStreamError, StreamEndedError, offsets
from ovs_mock.runtime.runtime import Runtime

START = 1_000 * SECOND


@pytest.fixture
async def runtime() -> AsyncIterator[Runtime]:
    runtime = Runtime(Engine(Settings(seed=1)), FrozenClock(START), ScriptedModel())
    yield runtime
    await runtime.close()


def stream(runtime: Runtime, interval: float = 60, lease: float = 45) -> str:
    command = create(sampling=FrameSampling(micros(interval)), lease=micros(lease))
    return runtime.ask(command, StreamCreated).stream_id


def instants(runtime: Runtime, stream_id: str) -> list[int]:
    return [frame.at - START for frame in runtime.current_state().streams[stream_id].frames.since(0)]


async def test_the_first_frame_comes_at_once_and_the_others_evenly_before_the_end(runtime: Runtime) -> None:
    stream_id = stream(runtime)
    played = await FrameInjector(runtime).play(stream_id, 1 * SECOND, fps=4)
    assert played.frames == 4
    assert instants(runtime, stream_id) == [0, 250_000, 500_000, 750_000]
    assert runtime.clock.now() == START + SECOND


async def test_plays_join_without_a_seam(runtime: Runtime) -> None:
    stream_id, footage = stream(runtime), FrameInjector(runtime)
    for _ in range(3):
        await footage.play(stream_id, 2 * SECOND, fps=5)
    assert instants(runtime, stream_id) == [i * SECOND // 5 for i in range(30)]


@pytest.mark.parametrize(
    ("duration", "fps", "frames"), [(0, 10, 1), (1, 10, 1), (100_000, 10, 1), (100_001, 10, 2), (SECOND, 30, 30)]
)
def test_so_many_frames_come(duration: int, fps: float, frames: int) -> None:
    assert len(list(offsets(duration, fps))) == frames


async def test_what_is_due_between_frames_happens_in_its_place(runtime: Runtime) -> None:
    stream_id = stream(runtime, interval=0.5)
    played = await FrameInjector(runtime).play(stream_id, 2 * SECOND, fps=4)
    asked = [e for e in played.events if isinstance(e, InferenceDue)]
    assert [e.at - START for e in asked] == [0, 500_000, 1_000_000, 1_500_000, 2_000_000]
    # A deadline at a frame's own instant comes before the frame.
    assert [e.inference.frames[-1].index for e in asked] == [0, 1, 3, 5, 7]


async def test_a_stream_that_ends_on_the_way_gets_no_more_frames(runtime: Runtime) -> None:
    stream_id = stream(runtime, lease=3)
    played = await FrameInjector(runtime).play(stream_id, 10 * SECOND, fps=2)
    assert played.frames == 6
    assert [e.at - START for e in played.events if isinstance(e, StreamEnded)] == [3 * SECOND]
    assert runtime.clock.now() == START + 10 * SECOND


async def test_each_picture_says_which_frame_it_is(runtime: Runtime) -> None:
    stream_id, footage = stream(runtime), FrameInjector(runtime)
    await footage.play(stream_id, 1 * SECOND, fps=10, width=320, height=180)
    footage.push(stream_id, 320, 180)
    frames = runtime.current_state().streams[stream_id].frames.since(0)
    seen = [FrameObserver().observe(frame.picture) for frame in frames]
    assert [(s.width, s.height) for s in seen] == [(320, 180)] * 11
    stamps = [s.stamp for s in seen if s.stamp]
    assert [(stamp.number, stamp.time_ms) for stamp in stamps] == [(i, i * 100) for i in range(11)]


async def test_a_picture_too_small_for_a_stamp_is_a_picture_still(runtime: Runtime) -> None:
    stream_id, footage = stream(runtime), FrameInjector(runtime)
    footage.push(stream_id, 16, 16)
    (frame,) = runtime.current_state().streams[stream_id].frames.since(0)
    assert FrameObserver().observe(frame.picture).stamp is None


async def test_who_cannot_get_frames_is_told_so(runtime: Runtime) -> None:
    footage, stream_id = FrameInjector(runtime), stream(runtime, lease=1)
    with pytest.raises(NoStreamError, match=stream_id):
        await footage.play("nobody", 1)
    with pytest.raises(ValueError, match="more than 500000 frames"):
        await footage.play(stream_id, 1000 * SECOND, fps=501)
    with pytest.raises(ValueError, match="fps=0"):
        await footage.play(stream_id, 1, fps=0)
    with pytest.raises(ClockError, match="only moves forward"):
        await footage.play(stream_id, -1)
    await runtime.advance(1 * SECOND)
    with pytest.raises(StreamEndedError, match="lease_expired"):
        footage.push(stream_id)


async def test_the_real_clock_plays_nothing() -> None:
    runtime = Runtime(Engine(Settings(seed=1)), RealClock(), ScriptedModel())
    with pytest.raises(ClockError, match="cannot be moved"):
        await FrameInjector(runtime).play(stream(runtime), 1)
    await runtime.close()
