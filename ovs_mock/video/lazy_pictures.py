"""Pictures that are drawn when somebody looks: thousands of them cost nothing until then."""

import importlib.util
from functools import cache

from ovs_mock.engine.frames import Picture
from ovs_mock.video.pixels import Rgb


class DrawnPicture:
    """A frame of a pattern, with its number and time in its pixels where they fit. ``rgb()`` draws it anew."""

    # The model refers to observed pictures weakly.
    __slots__ = ("__weakref__", "_height", "_number", "_pattern", "_time_ms", "_width")

    def __init__(self, width: int, height: int, *, number: int, time_ms: int, pattern: str = "bars") -> None:
        self._width = width
        self._height = height
        self._number = number
        self._time_ms = time_ms
        self._pattern = pattern

    @property
    def width(self) -> int:
        return self._width

    @property
    def height(self) -> int:
        return self._height

    def rgb(self) -> Rgb:
        """The pixels; takes about a millisecond, on any thread."""
        from ovs_mock.video.patterns import pattern_named
        from ovs_mock.video.stamp import MIN_HEIGHT, MIN_WIDTH, write_stamp

        rgb = pattern_named(self._pattern)(self._number, self._width, self._height)
        if self._width < MIN_WIDTH or self._height < MIN_HEIGHT:
            return rgb
        return write_stamp(rgb, self._number, self._time_ms)


class PlainPicture:
    """A picture of which there is nothing to know but its size."""

    __slots__ = ("__weakref__", "_height", "_width")

    def __init__(self, width: int, height: int) -> None:
        self._width = width
        self._height = height

    @property
    def width(self) -> int:
        return self._width

    @property
    def height(self) -> int:
        return self._height


def draw_picture(width: int, height: int, *, number: int, time_ms: int) -> Picture:
    """A picture that says which frame it is; a plain one where numpy, which draws, is not installed."""
    if not can_draw():
        return PlainPicture(width, height)
    return DrawnPicture(width, height, number=number, time_ms=time_ms)


@cache
def can_draw() -> bool:
    """Whether numpy is installed."""
    try:
        return importlib.util.find_spec("numpy") is not None
    except ImportError:
        return False
