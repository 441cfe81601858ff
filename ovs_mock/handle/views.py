"""Streams as tests see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from ovs_mock.engine.events import Event
from ovs_mock.engine.instants import seconds
from ovs_mock.engine.stream import EndReason, Stream, StreamState
from ovs_mock.runtime.frame_sequence import Frames
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error


class StreamOverError(RuntimeError):
    """A stream ended while something was still expected of it."""


class FrameTarget(Protocol):
    """Who puts frames into streams: an Ovs."""

    def play(
        self, stream_id: str, seconds: float, *, fps: float = ..., width: int = ..., height: int = ...
    ) -> list[Event]: ...

    def push_frames(
        self,
        stream_id: str,
        frames: Frames,
        *,
        fps: float = ...,
        times: Iterable[float] | None = ...,
        stamp: bool = ...,
        width: int = ...,
        height: int = ...,
    ) -> list[Event]: ...


class _BoundToHandle:
    """Knows the mock that it comes from. No field: what is copied, compared or shown of a view is the stream alone."""

    __slots__ = ("_studio",)

    _studio: FrameTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamView(_BoundToHandle):
    """A stream as it was when it was looked at. Times in seconds, on the mock's clock since the Unix epoch."""

    id: str
    state: StreamState
    end_reason: EndReason | None
    created_at: float
    lease_expires_at: float
    frames_received: int
    frames_retained: int
    width: int
    height: int
    fps: float
    prompt: str | None
    """``None`` for a stream of chats, which is asked something else each time."""
    inferences_completed: int
    inferences_failed: int
    watchers: int
    charged_microcents: int

    @property
    def running(self) -> bool:
        return self.end_reason is None

    def play(self, seconds: float, *, fps: float = 10.0, width: int = 640, height: int = 360) -> list[Event]:
        """``Ovs.play`` into this stream. The view stays as it is: look at the stream again to see what became of it."""
        return self._home().play(self.id, seconds, fps=fps, width=width, height=height)

    def push_frames(
        self,
        frames: Frames,
        *,
        fps: float = 10.0,
        times: Iterable[float] | None = None,
        stamp: bool = False,
        width: int = 640,
        height: int = 360,
    ) -> list[Event]:
        """``Ovs.push_frames`` into this stream. The view stays as it is."""
        home = self._home()
        return home.push_frames(self.id, frames, fps=fps, times=times, stamp=stamp, width=width, height=height)

    def _home(self) -> FrameTarget:
        studio: FrameTarget | None = getattr(self, "_studio", None)
        if studio is None:
            raise RuntimeError(
                f"this view of stream {self.id} is a copy that knows no mock: use one of ovs.stream({self.id!r})"
            )
        return studio


def stream_view(stream: Stream, studio: FrameTarget) -> StreamView:
    """The stream as it is now."""
    newest = stream.frames.newest
    shown = StreamView(
        id=stream.id,
        state=stream.state,
        end_reason=stream.ending.reason if stream.ending else None,
        created_at=seconds(stream.created_at),
        lease_expires_at=seconds(stream.lease_expires_at),
        frames_received=stream.frames.received,
        frames_retained=len(stream.frames),
        width=newest.picture.width if newest else 0,
        height=newest.picture.height if newest else 0,
        fps=stream.frames.recent_fps(),
        prompt=stream.plan.prompt if stream.plan else None,
        inferences_completed=stream.completed,
        inferences_failed=stream.failed,
        watchers=len(stream.subscribers),
        charged_microcents=stream.meter.charged,
    )
    # Frozen, and not a field.
    object.__setattr__(shown, "_studio", studio)
    return shown
