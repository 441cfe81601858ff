"""The frame buffer keeps the newest window and never renumbers."""

from hypothesis import given
from hypothesis import strategies as st
from ovs_support.engine import Blank

from ovs_mock.engine.frames import Frame, FrameBuffer
from ovs_mock.engine.instants import SECOND, micros
from ovs_mock.engine.sampling import ClipSampling

instants = st.integers(min_value=0, max_value=10**9)


def filled(ats: list[int]) -> FrameBuffer:
    buffer = FrameBuffer()
    for at in ats:
        buffer.append(at, Blank())
    return buffer


def retained(buffer: FrameBuffer) -> list[Frame]:
    return buffer.since(-1)


@given(st.lists(st.tuples(instants, instants)))
def test_it_agrees_with_a_plain_list_whatever_comes_and_goes(steps: list[tuple[int, int]]) -> None:
    buffer = FrameBuffer()
    naive: list[tuple[int, int]] = []
    at = 0
    for index, (claimed, horizon) in enumerate(steps):
        at = max(claimed, at)
        newest = buffer.append(at, Blank())
        assert (newest.index, newest.at) == (index, at)
        naive.append((index, at))
        buffer.evict_before(horizon)
        assert buffer.last_at == at
        naive = [entry for entry in naive if entry[1] >= horizon]
        assert [(f.index, f.at) for f in retained(buffer)] == naive
        assert (len(buffer), buffer.received, buffer.evicted) == (len(naive), index + 1, index + 1 - len(naive))


@given(st.lists(instants, min_size=1), instants)
def test_look_ups_by_time_find_what_a_search_finds(ats: list[int], instant: int) -> None:
    buffer = filled(sorted(ats))
    before = [f for f in retained(buffer) if f.at <= instant]
    assert buffer.at_or_before(instant) == (before[-1] if before else None)
    assert buffer.since(instant) == [f for f in retained(buffer) if f.at > instant]


def test_a_frame_that_claims_an_earlier_time_does_not_turn_time_back() -> None:
    buffer = filled([5, 3])
    assert [f.at for f in retained(buffer)] == [5, 5]


def test_long_lives_do_not_grow_the_buffer() -> None:
    buffer = FrameBuffer()
    for number in range(10_000):
        buffer.append(number, Blank())
        buffer.evict_before(number - 100)
    assert len(buffer._frames) < 1_000
    assert [f.index for f in (buffer.oldest, buffer.newest) if f] == [9_899, 9_999]


def test_the_frame_rate_is_that_of_the_last_two_seconds_of_video() -> None:
    slow_then_fast = [*range(0, 10 * SECOND, SECOND), *range(10 * SECOND, 13 * SECOND, SECOND // 25)]
    assert filled(slow_then_fast).recent_fps() == 25.0


def test_no_rate_is_made_of_no_time() -> None:
    assert filled([]).recent_fps() == filled([7]).recent_fps() == filled([7, 7, 7]).recent_fps() == 0.0


@given(
    st.lists(instants, min_size=1, max_size=200),
    st.floats(0.1, 60),
    st.integers(1, 30),
)
def test_a_clip_holds_distinct_recent_frames_in_order_and_always_the_newest(
    ats: list[int], length: float, fps: int
) -> None:
    buffer = filled(sorted(ats))
    clip = ClipSampling(micros(length), micros(1), fps).sample(buffer)
    newest = buffer.newest
    assert newest is not None
    assert clip[-1] == newest
    indices = [f.index for f in clip]
    assert indices == sorted(set(indices))
    assert len(clip) <= max(1, length * fps)
    assert all(newest.at - micros(length) < f.at <= newest.at for f in clip)


def test_a_clip_of_steady_video_has_all_its_frames() -> None:
    buffer = filled([n * SECOND // 30 for n in range(300)])
    assert len(ClipSampling(micros(2), micros(1), 6).sample(buffer)) == 12
