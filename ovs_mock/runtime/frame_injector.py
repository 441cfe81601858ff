"""Frames straight into a stream's buffer, each at an exact instant of the mock's clock: video without WebRTC."""

from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ovs_common.extras import require_extra
from ovs_mock.engine.events import Event
from ovs_mock.engine.frames import Picture
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.stream import Stream
from ovs_mock.runtime.frame_sequence import (
    MAX_FRAMES,
    Frames,
    FrameSequence,
    PictureFactory,
    Spacing,
    drawn_sequence,
    pushed_sequence,
)
from ovs_mock.runtime.runtime import Runtime, TimedAction
from ovs_mock.util.tracebacks import is_user_error
from ovs_mock.video.lazy_pictures import draw_picture

if TYPE_CHECKING:
    from ovs_mock.video.pixel_store import PixelStore


__tracebackhide__ = is_user_error


class NoStreamError(Exception):
    """There is no stream of that id."""


class StreamEndedError(Exception):
    """The stream has ended, and takes no frames."""


@dataclass(frozen=True, slots=True)
class InjectedFrames:
    """How many frames came into the stream, and what else happened meanwhile."""

    frames: int
    events: list[Event]


class FrameInjector:
    """Pushes frames into the streams of one runtime.

    Each picture identifies its frame: its stamp holds the frame's lifetime index and its time in the stream, in
    milliseconds since the stream's first frame. It is drawn when the model looks at it.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._store: PixelStore | None = None

    def push(self, stream_id: str, width: int = 640, height: int = 360) -> None:
        """One frame, which stands for now. Raises NoStreamError and StreamEndedError."""
        stream = self._running(stream_id)
        made = self._make_picture(stream, lambda number, ms: draw_picture(width, height, number=number, time_ms=ms))
        self.push_picture(stream_id, made)

    def push_picture(self, stream_id: str, picture: Picture) -> None:
        """Push this picture as a frame that stands for now. Raises as ``push``."""
        self._running(stream_id)
        self._add(stream_id, picture)

    async def play(
        self, stream_id: str, duration: int, *, fps: float = 10.0, width: int = 640, height: int = 360
    ) -> InjectedFrames:
        """Move the clock by ``duration`` microseconds while frames come in, evenly, ``fps`` of them a second.

        The first frame comes at once and frame number i comes i / fps seconds later, as long as that is before the
        end: ceil(seconds * fps) frames, and one at least. Plays that follow one another join without a seam when
        seconds * fps is whole. A stream that ends on the way gets no more frames, and the clock moves on.

        Raises NoStreamError and StreamEndedError, ClockError when the clock cannot be moved, and ValueError for
        a rate that is none, or for more than MAX_FRAMES.
        """
        stream = self._running(stream_id)
        _check(duration, fps)

        def draw(number: int, time_ms: int) -> Picture:
            return draw_picture(width, height, number=number, time_ms=time_ms)

        return await self._inject(stream, ((after, draw) for after in offsets(duration, fps)), duration)

    def pushing(
        self,
        stream_id: str,
        frames: Frames,
        *,
        fps: float = 10.0,
        times: Iterable[float] | None = None,
        stamp: bool = False,
        width: int = 640,
        height: int = 360,
    ) -> Callable[[], Coroutine[Any, Any, InjectedFrames]]:
        """Read all frames, on any thread, and return what pushes them. ValueError for what cannot be frames."""
        spacing = Spacing(fps=fps, times=None if times is None else list(times))
        shots = self.read_sequence(frames, spacing, stamp=stamp, width=width, height=height)
        return partial(self.push_sequence, stream_id, shots)

    def read_sequence(
        self, frames: Frames, spacing: Spacing, *, stamp: bool = False, width: int = 640, height: int = 360
    ) -> FrameSequence:
        """What ``push_shots`` takes, once all frames are read; on any thread. ValueError for what cannot be frames."""
        if isinstance(frames, int):
            return drawn_sequence(frames, spacing, width, height)
        if self._store is None:
            require_extra("media", "frames with pixels need", "numpy")
            from ovs_mock.video.pixel_store import PixelStore

            self._store = PixelStore()
        return pushed_sequence(frames, spacing, self._store, stamp=stamp)

    async def push_sequence(self, stream_id: str, sequence: FrameSequence) -> InjectedFrames:
        """Move the clock through the instants of frames, which come in at those; errors as of ``play``.

        A stream that ends on the way gets no more frames, and the clock moves on.
        """
        stream = self._running(stream_id)
        return await self._inject(stream, zip(sequence.offsets, sequence.factories, strict=True), sequence.end)

    def close(self) -> None:
        """Drop all pictures: reference cycles may keep a closed runtime in memory for long."""
        for stream in self._runtime.state.streams.values():
            stream.frames.clear()

    async def _inject(
        self, stream: Stream, frames: Iterable[tuple[int, PictureFactory]], duration: int
    ) -> InjectedFrames:
        came = 0

        def push(make: PictureFactory) -> Callable[[], None]:
            def at_its_moment() -> None:
                nonlocal came
                if stream.running:
                    self._add(stream.id, self._make_picture(stream, make))
                    came += 1

            return at_its_moment

        moments: Iterator[TimedAction] = ((after, push(make)) for after, make in frames)
        events = await self._runtime.advance(duration, moments)
        return InjectedFrames(came, events)

    def _add(self, stream_id: str, picture: Picture) -> None:
        self._runtime.inject_frame(stream_id, picture)

    def _make_picture(self, stream: Stream, make: PictureFactory) -> Picture:
        now = self._runtime.clock.now()
        first = now if stream.first_frame_at is None else stream.first_frame_at
        return make(stream.frames.received, max(0, now - first) // 1000)

    def _running(self, stream_id: str) -> Stream:
        streams = self._runtime.current_state().streams
        stream = streams.get(stream_id)
        if stream is None:
            raise NoStreamError(f"no stream {stream_id!r}; the mock knows {', '.join(streams) or 'none'}")
        if stream.ending is not None:
            raise StreamEndedError(f"stream {stream_id} has ended ({stream.ending.reason}): it takes no frames")
        return stream


def _check(duration: int, fps: float) -> None:
    if not fps > 0:
        raise ValueError(f"fps={fps}: expected frames a second, more than zero")
    if duration * fps / SECOND > MAX_FRAMES:
        raise ValueError(f"that would be more than {MAX_FRAMES} frames: play less at a time, or fewer a second")


def offsets(duration: int, fps: float) -> Iterator[int]:
    """When frames come, in microseconds since the beginning: before ``duration``, and one at least."""
    after, number = 0, 0
    while number == 0 or after < duration:
        yield after
        number += 1
        after = round(number * SECOND / fps)
