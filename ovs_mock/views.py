"""Streams as tests see them."""

from dataclasses import dataclass

from ovs_mock.engine.instants import seconds
from ovs_mock.engine.stream import EndReason, Stream, StreamState


class StreamOverError(RuntimeError):
    """A stream ended while something was still expected of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamView:
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


def view(stream: Stream) -> StreamView:
    """The stream as it is now."""
    newest = stream.frames.newest
    return StreamView(
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
        watchers=len(stream.watchers),
        charged_microcents=stream.meter.charged,
    )
