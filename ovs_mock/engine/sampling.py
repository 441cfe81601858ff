"""Which frames an inference looks at.

Windows count back from the newest frame, not from the clock: the live edge is what was last seen. On a clock that
stands still or has been moved this keeps a window full, and on a running one the two are a frame interval apart.
"""

from ovs_mock.engine.frames import Frame, FrameBuffer
from ovs_mock.engine.instants import SECOND
from ovs_mock.util.records import record


@record(frozen=True, slots=True)
class ClipSampling:
    """Every ``delay``, the last ``length`` of video, thinned to ``fps``. Durations in microseconds."""

    length: int
    delay: int
    fps: int

    @property
    def interval(self) -> int:
        return self.delay

    @property
    def warm_up(self) -> int:
        """Video that must have been seen before the first inference: a whole clip."""
        return self.length

    def sample(self, buffer: FrameBuffer) -> tuple[Frame, ...]:
        """For each of the clip's moments the frame that was on show then, each frame once, oldest first."""
        newest = buffer.newest
        if newest is None:
            return ()
        moments = max(1, self.length * self.fps // SECOND)
        chosen: dict[int, Frame] = {}
        for step in range(moments - 1, -1, -1):
            frame = buffer.at_or_before(newest.at - step * SECOND // self.fps)
            if frame is not None and frame.at > newest.at - self.length:
                chosen[frame.index] = frame
        return tuple(chosen.values())


@record(frozen=True, slots=True)
class FrameSampling:
    """Every ``interval``, the newest frame."""

    interval: int

    @property
    def warm_up(self) -> int:
        return 0

    def sample(self, buffer: FrameBuffer) -> tuple[Frame, ...]:
        newest = buffer.newest
        return (newest,) if newest else ()


Sampling = ClipSampling | FrameSampling
