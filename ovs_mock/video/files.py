"""Video files: read any, write short ones."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import av
import av.error
import numpy as np

from ovs_mock.util.tracebacks import is_user_error
from ovs_mock.video.patterns import Pattern, TimedFrame, stamped_frames
from ovs_mock.video.pixels import Rgb

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.video.stream import VideoStream

__tracebackhide__ = is_user_error

# The first that PyAV was built with. All of them fit into mp4 and mkv.
_ENCODERS = ("libx264", "mpeg4")
_WEBM_ENCODERS = ("libvpx", "libvpx-vp9")
_UNREADABLE = "not a video file, or a damaged one"


class VideoFileError(ValueError):
    """A file that is not the video that was expected. The message names the file and says what is wrong."""


def read_video(path: str | Path) -> Iterator[TimedFrame]:
    """The frames of a video file, with their times in seconds from its first frame.

    Raises VideoFileError, while the frames are taken, for a file that is missing, no video, or damaged.
    """
    with _opened(Path(path)) as container, _errors_of(Path(path), _UNREADABLE):
        first: float | None = None
        for frame in container.decode(video=0):
            time = frame.time or 0.0
            first = time if first is None else first
            yield TimedFrame(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), time - first)


def load_video(path: str | Path) -> list[TimedFrame]:
    """All frames of a video file, at least one, in memory: 0.9 MB each at 640x480. Raises VideoFileError."""
    frames = list(read_video(path))
    if not frames:
        raise VideoFileError(f"{path}: the video has no frames")
    return frames


def frame_rate(path: str | Path) -> float:
    """Frames a second of a video file, 30.0 when it does not say. Raises VideoFileError."""
    with _opened(Path(path)) as container:
        rate = container.streams.video[0].average_rate
        return float(rate) if rate else 30.0


def write_video(path: str | Path, frames: Iterable[Rgb], *, fps: float = 15.0) -> Path:
    """Write frames, all of one size with even sides, as H.264 (MPEG-4 if PyAV lacks it) or, for ``.webm``, VP8.

    Raises VideoFileError when there are no frames, or the file's name or place does not allow to write a video.
    """
    target = Path(path)
    remaining = iter(frames)
    first = next(remaining, None)
    if first is None:
        raise VideoFileError(f"{target}: no frames to write")
    _require_even_size(target, first)
    with _errors_of(target, "cannot be written"), _created(target) as container:
        stream = _new_stream(container, target, first, fps)
        for number, rgb in enumerate(chain([first], remaining)):
            _require_size(target, number, rgb, first)
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts, frame.time_base = number, 1 / _rate(fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target


def write_stamped_video(
    path: str | Path,
    *,
    width: int = 640,
    height: int = 480,
    fps: float = 15.0,
    seconds: float = 2.0,
    pattern: str | Pattern = "bars",
) -> Path:
    """Write a short video of a moving pattern, stamped from frame 0 on. Raises VideoFileError or ValueError."""
    count = max(1, round(seconds * fps))
    frames = stamped_frames(width, height, fps=fps, count=count, pattern=pattern)
    return write_video(path, (frame.rgb for frame in frames), fps=fps)


@contextmanager
def _opened(path: Path) -> "Iterator[InputContainer]":
    if not path.exists():
        raise VideoFileError(f"{path}: there is no such file; a video file was expected")
    if not path.is_file():
        raise VideoFileError(f"{path}: not a file; a video file was expected")
    with _errors_of(path, _UNREADABLE):
        container = av.open(str(path))
    with container:
        if not container.streams.video:
            raise VideoFileError(f"{path}: the file has no video in it, only {_kinds(container)}")
        yield container


def _created(path: Path) -> "OutputContainer":
    try:
        return av.open(str(path), "w")
    except ValueError as error:
        raise VideoFileError(f"{path}: the name has to end like a video's, as in clip.mp4 or clip.webm") from error


@contextmanager
def _errors_of(path: Path, problem: str) -> Iterator[None]:
    """Say which file it was, and what about it failed."""
    try:
        yield
    except av.error.FFmpegError as error:
        raise VideoFileError(f"{path}: {problem} ({error.strerror})") from error


def _kinds(container: "InputContainer") -> str:
    return ", ".join(sorted({stream.type for stream in container.streams})) or "nothing that can be played"


def _new_stream(container: "OutputContainer", path: Path, rgb: Rgb, fps: float) -> "VideoStream":
    wanted = _WEBM_ENCODERS if path.suffix.lower() == ".webm" else _ENCODERS
    encoder = next((name for name in wanted if name in av.codecs_available), None)
    if encoder is None:
        raise VideoFileError(f"{path}: PyAV was built without {' and '.join(wanted)}, which could write it")
    stream = container.add_stream(encoder, rate=_rate(fps))
    assert isinstance(stream, av.VideoStream), "a video encoder makes a video stream"
    stream.height, stream.width = rgb.shape[:2]
    stream.pix_fmt = "yuv420p"
    stream.bit_rate = 2_000_000
    return stream


def _rate(fps: float) -> Fraction:
    """Frames a second as containers want it: 30000/1001 rather than 29.97."""
    return Fraction(fps).limit_denominator(1001)


def _require_even_size(path: Path, rgb: Rgb) -> None:
    height, width = rgb.shape[:2]
    if width % 2 or height % 2:
        raise VideoFileError(f"{path}: video needs even sides, the frames are {width}x{height}")


def _require_size(path: Path, number: int, rgb: Rgb, first: Rgb) -> None:
    if rgb.shape != first.shape:
        raise VideoFileError(f"{path}: frame {number} has the shape {rgb.shape}, the first one has {first.shape}")
