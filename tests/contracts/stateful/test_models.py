"""The models beside the machines, held against what the documents say."""

import pytest
from ovs_contracts.client.timing import ClockBounds
from ovs_contracts.stateful.frame_model import EMPTY, GONE, INVALID, NOT_FOUND, NOT_YET, FrameAnchor, FrameModel
from ovs_contracts.stateful.references import ImageReference, VideoReference
from ovs_contracts.stateful.target_clock import TargetClock
from ovs_contracts.stateful.v02_model import MICROCENTS_A_SECOND, AccountModel, StreamEnd, V02StreamModel

# Four frames a second for five seconds, of which the first second is gone.
FILM = FrameModel([1_000_000 + index * 250.0 for index in range(20)], evicted=4)
EMPTY_FILM = FrameModel()


def anchor(text: str) -> FrameAnchor:
    kind, _, value = text.partition("=")
    return FrameAnchor(kind, int(value))


@pytest.mark.parametrize(
    ("query", "v1", "v1beta"),
    [
        ("frame_index=4", (4,), (4,)),
        ("frame_index=3", (4,), GONE),
        ("frame_index=19", (19,), (19,)),
        ("frame_index=20", NOT_YET, NOT_YET),
        ("frame_index=-1", (19,), (19,)),
        ("frame_index=-17", (4,), GONE),
        ("frame_index=-21", (4,), NOT_YET),
        ("timestamp_ms=1000", (4,), (4,)),
        ("timestamp_ms=1040", (4,), (4,)),
        ("timestamp_ms=1170", (5,), (5,)),
        ("timestamp_ms=500", (4,), GONE),
        ("timestamp_ms=9000", NOT_YET, NOT_YET),
        ("offset_ms=0", (4,), (4,)),
        ("offset_ms=500", (6,), (6,)),
        ("offset_ms=-250", (18,), (18,)),
    ],
)
def test_which_frame_is_meant(query: str, v1: object, v1beta: object) -> None:
    assert FILM.frame(anchor(query), clamps=True) == {v1}
    assert FILM.frame(anchor(query), clamps=False) == {v1beta}


def test_directions_and_tolerances() -> None:
    between = anchor("timestamp_ms=2060")
    assert FILM.frame(between, clamps=True, direction="forward") == {NOT_FOUND}
    assert FILM.frame(between, clamps=True, direction="forward", tolerance=300) == {(9,)}
    assert FILM.frame(between, clamps=True, direction="backward") == {(8,)}
    # At the edge of the tolerance both may be right.
    assert FILM.frame(anchor("timestamp_ms=1351"), clamps=True, tolerance=100) == {(5,), NOT_FOUND}


@pytest.mark.parametrize(
    ("start", "end", "fps", "meant"),
    [
        ("frame_index=18", None, 1000.0, (18, 19)),
        ("frame_index=0", "frame_index=6", 1000.0, (4, 5)),
        ("frame_index=0", "frame_index=3", 1000.0, EMPTY),
        ("frame_index=6", "frame_index=6", 1000.0, INVALID),
        ("frame_index=4", None, 1.0, (4, 8, 12, 16)),
        ("frame_index=4", None, 2.0, (4, 6, 8, 10, 12, 14, 16, 18)),
        ("frame_index=20", None, 1.0, EMPTY),
    ],
)
def test_which_frames_of_a_segment_are_meant(start: str, end: str | None, fps: float, meant: object) -> None:
    assert FILM.segment(anchor(start), anchor(end) if end else None, fps) == {meant}


def test_before_the_first_frame() -> None:
    assert EMPTY_FILM.frame(anchor("frame_index=0"), clamps=True) == {NOT_YET}
    assert EMPTY_FILM.frame(anchor("offset_ms=0"), clamps=False) == {NOT_YET}
    assert EMPTY_FILM.segment(anchor("offset_ms=-500"), None, 1.0) == {EMPTY}


def test_references_as_urls_say_them() -> None:
    assert (
        repr(ImageReference(anchor("offset_ms=-5"), 300, "forward"))
        == "offset_ms=-5&tolerance_ms=300&direction=forward"
    )
    assert (
        repr(VideoReference(anchor("frame_index=1"), anchor("offset_ms=2"), None))
        == "start_frame_index=1&end_offset_ms=2"
    )


def test_what_a_seam_hides_is_not_claimed() -> None:
    film = FrameModel()
    film.add_frames([0.0, 250.0])
    film.add_frames([900.0])
    assert VideoReference(anchor("frame_index=0"), None, 1.0).resolve(film) == {("some", 0)}
    assert VideoReference(anchor("frame_index=0"), anchor("frame_index=2"), 1.0).resolve(film) == {(0,)}


def moment(seconds: float) -> ClockBounds:
    return ClockBounds(seconds, seconds)


@pytest.fixture
def stream() -> V02StreamModel:
    account = AccountModel(0, 0)
    account.set_balance(3_000_000)
    return V02StreamModel("id", 0, 1.0, moment(0), moment(0), moment(45), account, set())


def test_time_costs_two_cents_a_minute_and_no_more_than_there_is(stream: V02StreamModel) -> None:
    assert list(stream.owed(moment(60))) == pytest.approx([2_000_000, 2_000_000])
    stream.end(StreamEnd.BY_CLIENT, moment(60))
    assert stream.account.least == pytest.approx(1_000_000)
    stream.account.charge(5_000_000, 5_000_000)
    assert (stream.account.least, stream.account.most) == (0, 0)


def test_a_lease_ends_a_stream_for_the_reason_that_it_was_not_renewed(stream: V02StreamModel) -> None:
    stream.advance(moment(44))
    assert stream.deadlines() == [moment(45)]
    stream.refused = True
    stream.advance(moment(46))
    assert stream.ended == (StreamEnd.BY_CREDITS, moment(45))
    assert stream.account.least == pytest.approx(3_000_000 - 45 * MICROCENTS_A_SECOND)
    assert not stream.is_removed(moment(104))
    assert stream.is_removed(moment(106))


def test_results_come_while_frames_are_fresh(stream: V02StreamModel) -> None:
    assert stream.results(moment(20)) == (0, 0)
    stream.add_video(moment(10), moment(14))
    assert stream.state(moment(18)) == "active"
    assert stream.state(moment(20)) == "idle"
    least, most = stream.results(moment(40))
    # At 10 s, 11 s and so on until 19 s, give or take one at either end.
    assert least <= 10 <= most
    assert most - least <= 2


class Still:
    """A clock that somebody moves."""

    def __init__(self) -> None:
        self.instant = 100.0

    def now(self) -> float:
        return self.instant

    def let_pass(self, seconds: float) -> None:
        self.instant += seconds


def test_deadlines_that_are_near_are_let_pass() -> None:
    clock = Still()
    watch = TargetClock(clock)
    watch.pass_deadlines([moment(102), moment(120)])
    assert 102.4 < clock.instant < 103
    watch.pass_deadlines([moment(102), moment(120)])
    assert clock.instant < 103
