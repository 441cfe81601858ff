"""From a decoded picture to a frame of the engine."""

from ovs_mock.engine.frames import Picture
from ovs_mock.runtime.media_timeline import MediaTimeline
from ovs_mock.runtime.runtime import Runtime


class FrameSink:
    """Brings the pictures of one track into a stream, each at the instant that it stands for.

    What comes from somebody who may not publish meets a pump that was never open.
    """

    def __init__(self, runtime: Runtime, stream_id: str, *, open_: bool = True) -> None:
        self._runtime = runtime
        self._stream_id = stream_id
        self._timeline = MediaTimeline(runtime.clock)
        self._open = open_

    def write(self, media: int, picture: Picture) -> None:
        """A picture; ``media`` is the track's own clock in microseconds."""
        if self._open:
            self._runtime.receive_live_frame(self._stream_id, self._timeline.stamp(media), picture)

    def fail(self, error: BaseException) -> None:
        """The track has come to an end that nobody meant."""
        self._runtime.record_failure(error)

    def stop(self) -> None:
        """A frame that came after its publisher left would wake the stream up again: none does."""
        self._open = False
