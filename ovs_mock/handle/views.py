"""Streams as tests see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, Unpack

from ovs_mock.engine.events import Event
from ovs_mock.engine.instants import seconds
from ovs_mock.engine.stream import EndReason, Stream, StreamState
from ovs_mock.handle.options import PlayOptions, PushOptions
from ovs_mock.runtime.frame_sequence import Frames
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error


class StreamOverError(RuntimeError):
    """A stream has ended before the operation was complete."""


class FrameTarget(Protocol):
    """Puts frames into streams: an ``Ovs``."""

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
    """Has the handle that a view comes from. Not a field: copies, comparisons and ``repr`` leave it out."""

    __slots__ = ("_target",)

    _target: FrameTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamView(_BoundToHandle):
    """A snapshot of a stream. Times are seconds since the Unix epoch, on the mock's clock.

    Attributes:
        id: The stream's id, which is also the name of its LiveKit room.
        state: What the stream does: see ``StreamState``.
        end_reason: Why the stream ended; ``None`` while it runs.
        created_at: When the stream was created.
        lease_expires_at: When the stream ends unless the client renews its lease.
        frames_received: Number of frames since the stream was created.
        frames_retained: Number of frames in the stream's buffer.
        width: Width of the newest frame in pixels; 0 before the first one.
        height: Height of the newest frame in pixels; 0 before the first one.
        fps: Frames a second, over the most recent frames.
        prompt: The prompt of its inferences; ``None`` for v1 and v1beta, where each chat brings its own.
        inferences_completed: Number of inferences that gave a result.
        inferences_failed: Number of inferences that failed.
        watchers: Number of authenticated result sockets that are open.
        charged_microcents: What the stream has cost, in microcents: a million of them is a cent.
    """

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
    inferences_completed: int
    inferences_failed: int
    watchers: int
    charged_microcents: int

    @property
    def running(self) -> bool:
        """Whether the stream had not ended."""
        return self.end_reason is None

    def play(self, seconds: float, **options: Unpack[PlayOptions]) -> list[Event]:
        """As ``Ovs.play``, into this stream. The view does not change: call ``ovs.stream(id)`` for a new one."""
        return self._frame_target().play(self.id, seconds, **options)

    def push_frames(self, frames: Frames, **options: Unpack[PushOptions]) -> list[Event]:
        """As ``Ovs.push_frames``, into this stream. The view does not change."""
        return self._frame_target().push_frames(self.id, frames, **options)

    def _frame_target(self) -> FrameTarget:
        target: FrameTarget | None = getattr(self, "_target", None)
        if target is None:
            raise RuntimeError(
                f"this view of stream {self.id} is a copy and belongs to no mock: use ovs.stream({self.id!r})"
            )
        return target


def stream_view(stream: Stream, target: FrameTarget) -> StreamView:
    """A snapshot of the stream."""
    newest = stream.frames.newest
    view = StreamView(
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
    # The dataclass is frozen.
    object.__setattr__(view, "_target", target)
    return view
