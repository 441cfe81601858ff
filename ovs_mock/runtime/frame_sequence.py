"""The frames that a test pushes: their pictures and their times."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from math import isfinite
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeAlias

from ovs_common.extras import require_extra
from ovs_mock.engine.frames import Picture
from ovs_mock.engine.instants import SECOND, micros
from ovs_mock.util.tracebacks import is_user_error
from ovs_mock.video.lazy_pictures import draw_picture
from ovs_mock.video.pixels import Rgb

if TYPE_CHECKING:
    from ovs_mock.video.patterns import TimedFrame
    from ovs_mock.video.pixel_store import PixelStore

__tracebackhide__ = is_user_error

MAX_FRAMES = 500_000

Frames: TypeAlias = "int | str | PathLike[str] | Iterable[Rgb] | Iterable[TimedFrame]"
"""A number of frames to be drawn, a video file, or pictures."""
PictureFactory: TypeAlias = Callable[[int, int], Picture]
"""Makes the picture of a frame from its lifetime index and its time in the stream, in milliseconds."""


@dataclass(frozen=True, slots=True)
class FrameSequence:
    """Pictures, and when each comes, in microseconds from the beginning; the clock is moved to ``end``."""

    factories: Sequence[PictureFactory]
    offsets: Sequence[int]
    end: int

    def __len__(self) -> int:
        return len(self.factories)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """When frames come: each at its time, in seconds, or evenly, ``fps`` of them a second."""

    fps: float = 10.0
    times: Sequence[float] | None = None

    def sequence(self, factories: Sequence[PictureFactory], own: Sequence[float] | None = None) -> FrameSequence:
        """``own`` are the times of TimedFrames. Raises ValueError for invalid times."""
        if own is not None and self.times is not None:
            raise ValueError("the frames bring their own times: leave times out, or push their arrays alone")
        times = self.times if own is None else own
        if times is None:
            return FrameSequence(
                factories, [self._evenly(number) for number in range(len(factories))], self._evenly(len(factories))
            )
        if len(times) != len(factories):
            raise ValueError(f"there are {len(times)} times for {len(factories)} frames: expected one for each")
        offsets = list(_checked_times(times))
        return FrameSequence(factories, offsets, offsets[-1])

    def _evenly(self, number: int) -> int:
        if not (self.fps > 0 and isfinite(self.fps)):
            raise ValueError(f"fps={self.fps}: expected frames a second, more than zero")
        return round(number * SECOND / self.fps)


def drawn_sequence(count: int, spacing: Spacing, width: int, height: int) -> FrameSequence:
    """Generated frames, each stamped with its index and time."""
    if not 0 < count <= MAX_FRAMES:
        raise ValueError(f"{count} frames: expected 1 to {MAX_FRAMES}")
    if width < 1 or height < 1:
        raise ValueError(f"frames of {width}x{height}: expected at least one pixel on each side")
    return spacing.sequence([lambda number, ms: draw_picture(width, height, number=number, time_ms=ms)] * count)


def pushed_sequence(
    frames: "str | PathLike[str] | Iterable[Rgb] | Iterable[TimedFrame]",
    spacing: Spacing,
    store: "PixelStore",
    *,
    stamp: bool = False,
) -> FrameSequence:
    """Frames of a file or of the test. All of them are read and copied here."""
    from ovs_mock.video.patterns import TimedFrame

    makers: list[PictureFactory] = []
    own: list[float] = []
    for number, frame in enumerate(islice(_iterate(frames), MAX_FRAMES + 1)):
        if isinstance(frame, TimedFrame):
            own.append(frame.time)
            frame = frame.rgb  # noqa: PLW2901 - the picture in it
        makers.append(_picture_factory(number, frame, store, stamp=stamp))
    if not 0 < len(makers) <= MAX_FRAMES:
        raise ValueError(f"{f'more than {MAX_FRAMES}' if makers else 0} frames: expected 1 to {MAX_FRAMES}")
    if own and len(own) != len(makers):
        raise ValueError(f"{len(own)} of {len(makers)} frames are TimedFrames: expected all of them, or none")
    return spacing.sequence(makers, own or None)


def _iterate(frames: "str | PathLike[str] | Iterable[Rgb] | Iterable[TimedFrame]") -> Iterator[Any]:
    if isinstance(frames, str | PathLike):
        return _read_file(str(frames))
    if getattr(frames, "ndim", None) == 3:
        raise ValueError("frames is one picture: put it into a list, as in push_frames([picture])")
    if not isinstance(frames, Iterable):
        raise ValueError(
            f"frames={frames!r}: expected a number of frames, the path of a video file, or pictures: arrays of "
            "(height, width, 3) of uint8, or TimedFrames"
        )
    return iter(frames)


def _read_file(path: str) -> "Iterator[TimedFrame]":
    require_extra("media", "video files need", "av", "numpy")
    from ovs_mock.video.files import VideoFileError, read_video

    read = read_video(path)
    first = next(read, None)
    if first is None:
        raise VideoFileError(f"{path}: the video has no frames")
    return chain([first], read)


def _picture_factory(number: int, rgb: object, store: "PixelStore", *, stamp: bool) -> PictureFactory:
    from ovs_mock.video.pixel_store import PushedPicture

    held = store.add(check_picture(number, rgb, stamp=stamp))
    return lambda index, ms: PushedPicture(held, (index, ms) if stamp else None)


def check_picture(number: int, rgb: object, *, stamp: bool = False) -> Rgb:
    """Return a valid picture that is large enough for its stamp; ValueError for any other object."""
    import numpy as np

    from ovs_mock.video.stamp import MIN_HEIGHT, MIN_WIDTH

    expected = "expected an array of (height, width, 3) of uint8, red green blue, or a TimedFrame with one"
    if not isinstance(rgb, np.ndarray):
        raise ValueError(f"frame {number} is of {type(rgb).__name__}: {expected}")
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or not rgb.size:
        raise ValueError(f"frame {number} is an array of {rgb.shape} of {rgb.dtype}: {expected}")
    height, width = rgb.shape[:2]
    if stamp and (width < MIN_WIDTH or height < MIN_HEIGHT):
        raise ValueError(
            f"frame {number} is {width}x{height}: with stamp=True expected at least {MIN_WIDTH}x{MIN_HEIGHT}"
        )
    return rgb


def _checked_times(times: Sequence[float]) -> Iterator[int]:
    last = 0.0
    for number, time in enumerate(times):
        if not (isfinite(time) and time >= 0):
            raise ValueError(f"times[{number}] is {time}: expected seconds from now, zero or more")
        if time < last:
            raise ValueError(f"times[{number}] is {time}, after {last}: expected times that do not decrease")
        last = time
        yield micros(time)
