"""A picture's colour is what a person would call it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.video.colours import PALETTE, dominant_colour
from ovs_mock.video.patterns import bouncing_box, solid


@pytest.mark.parametrize("colour", PALETTE)
def test_a_picture_of_one_colour_has_that_colour(colour: str) -> None:
    assert dominant_colour(solid(colour, 64, 48)) == colour


@pytest.mark.parametrize("colour", PALETTE)
@given(seed=st.integers(0, 2**32))
def test_noise_does_not_change_the_name(colour: str, seed: int) -> None:
    noise = np.random.default_rng(seed).integers(-12, 13, (48, 64, 3))
    noisy = np.clip(solid(colour, 64, 48) + noise, 0, 255).astype(np.uint8)

    assert dominant_colour(noisy) == colour


@pytest.mark.parametrize(
    ("rgb", "name"),
    [((200, 30, 30), "red"), ((20, 90, 30), "green"), ((30, 60, 180), "blue"), ((90, 90, 90), "grey")],
)
def test_everyday_shades_have_the_everyday_name(rgb: tuple[int, int, int], name: str) -> None:
    assert dominant_colour(np.full((10, 10, 3), rgb, np.uint8)) == name


def test_the_larger_area_decides() -> None:
    assert dominant_colour(bouncing_box(3, 640, 480, box="red", background="blue")) == "blue"


@given(width=st.integers(1, 200), height=st.integers(1, 200), seed=st.integers(0, 2**32))
def test_every_picture_has_a_colour_of_the_palette(width: int, height: int, seed: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)

    assert dominant_colour(picture) in PALETTE


def test_a_picture_without_pixels_has_no_colour() -> None:
    with pytest.raises(ValueError, match="without pixels"):
        dominant_colour(np.zeros((0, 4, 3), np.uint8))
