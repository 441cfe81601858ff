"""Frames keep their own spacing on every clock, and a jump of the clock leaves one gap."""

from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.engine.instants import SECOND
from ovs_mock.runtime.clock import Clock, FrozenClock
from ovs_mock.runtime.media_timeline import TOLERANCE, MediaTimeline

FRAME = SECOND // 30


class HandClock(Clock):
    """Runs, as far as anybody can tell, but only by hand."""

    def __init__(self) -> None:
        self.at = 0

    def now(self) -> int:
        return self.at

    def delay_until(self, instant: int) -> float | None:
        return None


def test_on_a_running_clock_jitter_of_arrival_is_not_jitter_of_video() -> None:
    clock = HandClock()
    timeline = MediaTimeline(clock)
    stamps = []
    for number, late in enumerate([0, 5_000, 60_000, 30_000, 0, 90_000]):
        clock.at = SECOND + number * FRAME + late
        stamps.append(timeline.stamp(number * FRAME))
    assert stamps == [SECOND + n * FRAME for n in range(6)]


def test_video_never_runs_ahead_of_a_running_clock() -> None:
    clock = HandClock()
    timeline = MediaTimeline(clock)
    timeline.stamp(0)
    clock.at = FRAME
    assert timeline.stamp(10 * FRAME) == FRAME


def test_on_a_frozen_clock_video_carries_on_by_its_own_spacing() -> None:
    timeline = MediaTimeline(FrozenClock(start=7 * SECOND))
    assert [timeline.stamp(n * FRAME) for n in range(3)] == [7 * SECOND + n * FRAME for n in range(3)]


def test_a_jump_leaves_one_gap_and_spacing_goes_on_behind_it() -> None:
    clock = FrozenClock(start=0)
    timeline = MediaTimeline(clock)
    timeline.stamp(0)
    with clock.moving() as moving:
        moving.move_to(60 * SECOND)
    assert [timeline.stamp(FRAME), timeline.stamp(2 * FRAME)] == [60 * SECOND, 60 * SECOND + FRAME]


@given(st.lists(st.tuples(st.integers(0, 3 * SECOND), st.integers(-SECOND, 3 * SECOND)), min_size=1), st.booleans())
def test_stamps_never_go_back_and_never_fall_behind(steps: list[tuple[int, int]], frozen: bool) -> None:  # noqa: FBT001
    clock = HandClock()
    clock.frozen = frozen
    timeline, media, last = MediaTimeline(clock), 0, 0
    for step, media_step in steps:
        clock.at += step
        media += media_step
        stamp = timeline.stamp(media)
        assert stamp >= last
        assert stamp >= clock.at - TOLERANCE
        assert frozen or stamp <= clock.at
        last = stamp
