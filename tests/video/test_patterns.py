"""Generated frames differ from each other, and can be made again."""

from itertools import islice, pairwise

import pytest

from ovs_mock.video.patterns import PATTERNS, solid, stamped_frames
from ovs_mock.video.stamp import read_stamp

MOVING = ("bars", "box", "noise")


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(("width", "height"), [(640, 480), (161, 121), (1, 1)])
def test_a_pattern_draws_frames_of_the_size_asked_for(pattern: str, width: int, height: int) -> None:
    frame = PATTERNS[pattern](5, width, height)

    assert frame.shape == (height, width, 3)
    assert frame.dtype == "uint8"


@pytest.mark.parametrize("pattern", MOVING)
def test_a_moving_pattern_never_shows_the_same_frame_twice_in_a_row(pattern: str) -> None:
    frames = [PATTERNS[pattern](number, 320, 240) for number in range(100)]

    assert all((a != b).any() for a, b in pairwise(frames))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_same_number_gives_the_same_frame(pattern: str) -> None:
    draw = PATTERNS[pattern]

    assert (draw(42, 320, 240) == draw(42, 320, 240)).all()


def test_stamped_frames_carry_their_number_and_time() -> None:
    frames = list(stamped_frames(320, 240, fps=10, count=3, first=5))

    stamps = [read_stamp(frame.rgb) for frame in frames]

    assert [(s.number, s.time_ms) for s in stamps if s] == [(5, 0), (6, 100), (7, 200)]
    assert [frame.time for frame in frames] == [0.0, 0.1, 0.2]


def test_stamped_frames_go_on_until_nobody_asks_for_more() -> None:
    assert len(list(islice(stamped_frames(160, 120), 50))) == 50


def test_an_unknown_colour_or_pattern_is_named_beside_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'mauve'; the colours are black, white"):
        solid("mauve")
    with pytest.raises(ValueError, match=r"'mauve'; the patterns are bars, box"):
        next(stamped_frames(pattern="mauve"))
