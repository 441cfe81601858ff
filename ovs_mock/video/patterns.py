"""Generated pictures, each frame different from the last.

A pattern is a function of the frame's number, width and height, so that any frame can be made again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count as count_from
from typing import TypeAlias

import numpy as np

from ovs_mock.video.colours import PALETTE
from ovs_mock.video.pixels import Rgb
from ovs_mock.video.stamp import write_stamp

Pattern: TypeAlias = Callable[[int, int, int], Rgb]
"""``pattern(number, width, height)``: an array of shape ``(height, width, 3)``."""

_BAR_COLOURS = ("white", "yellow", "cyan", "green", "magenta", "red", "blue", "black")


@dataclass(frozen=True, slots=True, eq=False)
class TimedFrame:
    """A picture and its time in the video, in seconds from the beginning."""

    rgb: Rgb
    time: float


def duration(frames: Sequence[TimedFrame]) -> float:
    """Seconds that frames are on show, the last one as long as the others on average; a single one for a second."""
    last = frames[-1].time
    return last + last / (len(frames) - 1) if last else 1.0


def solid(colour: str, width: int = 640, height: int = 480) -> Rgb:
    """A picture of one colour. ValueError for a colour without a name."""
    if colour not in PALETTE:
        raise ValueError(f"unknown colour {colour!r}; the colours are {', '.join(PALETTE)}")
    return np.full((height, width, 3), PALETTE[colour], np.uint8)


def moving_bars(number: int, width: int, height: int) -> Rgb:
    """Eight upright colour bars that move to the left."""
    palette = np.array([PALETTE[name] for name in _BAR_COLOURS], np.uint8)
    columns = (np.arange(width) + number * max(1, width // 80)) % width
    row: Rgb = palette[columns * len(palette) // width]
    picture: Rgb = np.broadcast_to(row, (height, width, 3)).copy()
    return picture


def bouncing_box(number: int, width: int, height: int, *, box: str = "red", background: str = "black") -> Rgb:
    """A box, a quarter of the frame's height, that moves around and bounces off the edges."""
    side = max(1, min(width, height) // 4)
    picture = solid(background, width, height)
    left = _bounce(number * max(1, width // 60), width - side)
    top = _bounce(number * max(1, height // 80), height - side)
    picture[top : top + side, left : left + side] = PALETTE[box]
    return picture


def noise(number: int, width: int, height: int) -> Rgb:
    """A soft colour gradient under fine noise: hard to compress, and the same for the same number."""
    grain = np.random.default_rng(number).integers(0, 32, (height, width, 1), np.uint8)
    picture: Rgb = _gradient(width, height) + grain
    return picture


def one_colour(colour: str) -> Pattern:
    """A pattern that is ``colour`` all over; stamps make its frames differ."""
    return lambda number, width, height: solid(colour, width, height)


PATTERNS: dict[str, Pattern] = {
    "bars": moving_bars,
    "box": bouncing_box,
    "noise": noise,
    **{colour: one_colour(colour) for colour in PALETTE},
}
"""Patterns by name; every colour's name is one too."""


def pattern_named(pattern: str | Pattern) -> Pattern:
    """The pattern of that name, or the pattern itself. ValueError for an unknown name."""
    if not isinstance(pattern, str):
        return pattern
    if pattern not in PATTERNS:
        raise ValueError(f"unknown pattern {pattern!r}; the patterns are {', '.join(PATTERNS)}")
    return PATTERNS[pattern]


def stamped_frames(
    width: int = 640,
    height: int = 480,
    *,
    fps: float = 15.0,
    count: int | None = None,
    pattern: str | Pattern = "bars",
    first: int = 0,
) -> Iterator[TimedFrame]:
    """Frames of a pattern, stamped with their number (from ``first``) and their time in the video.

    ``count`` frames, or frames without end.
    """
    for position, rgb in enumerate(generated(width, height, count=count, pattern=pattern, first=first)):
        time = position / fps
        yield TimedFrame(write_stamp(rgb, first + position, round(time * 1000)), time)


def generated(
    width: int, height: int, *, count: int | None = None, pattern: str | Pattern = "bars", first: int = 0
) -> Iterator[Rgb]:
    """Frames of a pattern without stamps, from number ``first`` on; ``count`` of them, or without end."""
    draw = pattern_named(pattern)
    numbers: Iterable[int] = count_from(first) if count is None else range(first, first + count)
    return (draw(number, width, height) for number in numbers)


@lru_cache(maxsize=4)
def _gradient(width: int, height: int) -> Rgb:
    """From black, top left, to a warm light grey; no value above 220, which leaves room for the grain."""
    across = np.linspace(0, 160, width, dtype=np.float32)[np.newaxis, :, np.newaxis]
    down = np.linspace(0, 60, height, dtype=np.float32)[:, np.newaxis, np.newaxis]
    picture: Rgb = ((across + down) * np.array([1.0, 0.8, 0.6], np.float32)).astype(np.uint8)
    picture.setflags(write=False)
    return picture


def _bounce(distance: int, room: int) -> int:
    """Where something is that has gone ``distance`` back and forth in a ``room``."""
    if room <= 0:
        return 0
    there_and_back = distance % (2 * room)
    return min(there_and_back, 2 * room - there_and_back)
