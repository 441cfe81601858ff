"""Turns decoded pictures into frames of a stream."""

from ovs_mock.engine.frames import Picture
from ovs_mock.runtime.media_timeline import MediaTimeline
from ovs_mock.runtime.runtime import Runtime


class FrameSink:
    """Writes the pictures of one track into a stream, each at its instant. ``open_=False`` discards them."""

    def __init__(self, runtime: Runtime, stream_id: str, *, open_: bool = True) -> None:
        self._runtime = runtime
        self._stream_id = stream_id
        self._timeline = MediaTimeline(runtime.clock)
        self._open = open_

    def write(self, media: int, picture: Picture) -> None:
        """Write a picture; ``media`` is its time on the track's own clock, in microseconds."""
        if self._open:
            self._runtime.receive_live_frame(self._stream_id, self._timeline.stamp(media), picture)

    def fail(self, error: BaseException) -> None:
        """Report a bug that ended the track."""
        self._runtime.record_failure(error)

    def stop(self) -> None:
        """Discard later frames: one that arrives after its publisher left would make the stream active again."""
        self._open = False
