"""The model says which frames there were, and what they showed."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.model.description import describe
from ovs_mock.model.frame_view import FrameView
from ovs_mock.model.observation import Observation
from ovs_mock.video.colours import PALETTE
from ovs_mock.video.stamp import Stamp


def view(
    index: int, *, colour: str | None = "red", stamp: int | None = None, width: int = 640, height: int = 480
) -> FrameView:
    seen = Observation(width, height, colour, None if stamp is None else Stamp(stamp, 0))
    return FrameView(index, 0, seen, None)


@pytest.mark.parametrize(
    ("frames", "description"),
    [
        ([], "0 frames"),
        ([view(7)], "1 frame #7, 640x480, red"),
        ([view(7, stamp=9)], "1 frame #7, 640x480, red, stamp 9"),
        ([view(10, stamp=10), view(12, stamp=13)], "2 frames #10 #12, 640x480, red, stamps 10 13"),
        ([view(0), view(1, colour="blue")], "2 frames #0 #1, 640x480, red blue"),
        ([view(0), view(1, width=320, height=240)], "2 frames #0 #1, 640x480 320x240, red"),
        ([view(3, colour=None)], "1 frame #3, 640x480"),
        ([view(n, stamp=n + 2) for n in range(60)], "60 frames #0 ... #59, 640x480, red, stamps 2 ... 61"),
    ],
)
def test_frames_are_described(frames: list[FrameView], description: str) -> None:
    assert describe(frames) == description


views = st.builds(
    view,
    st.integers(0, 10**9),
    colour=st.sampled_from([None, *PALETTE]),
    stamp=st.none() | st.integers(0, 2**24 - 1),
    width=st.integers(1, 4096),
    height=st.integers(1, 4096),
)


@given(st.lists(views, min_size=1, max_size=200))
def test_any_description_names_the_ends_and_stays_short(frames: list[FrameView]) -> None:
    description = describe(frames)

    assert description.startswith(f"{len(frames)} frame")
    assert f"#{frames[0].index}" in description
    assert f"#{frames[-1].index}" in description
    assert len(description) < 400
    assert all(not (a == b == " ") for a, b in pairwise(description))
