"""The instant that a frame stands for.

Frames bring their own spacing, by the publisher's media clock; the mock's clock gives the time of arrival. The two are
reconciled so that spacing is kept, instants never go back, and a jump of the mock's clock leaves one gap:

- As long as both agree within TOLERANCE, the media spacing decides: a burst after a stall of the network is not
  squeezed into one instant.
- When the mock's clock is ahead by more (it was moved, or the publisher paused), the frame stands for now.
- When video is ahead of a running clock, it is held back to now. A frozen clock does not pass by itself, so there the
  video carries on by its own spacing, ahead of the clock.
"""

from ovs_mock.engine.instants import SECOND
from ovs_mock.runtime.clock import Clock

TOLERANCE = SECOND // 4


class MediaTimeline:
    """The timeline of one video track. A new track, or a republished one, gets a new timeline."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._media: int | None = None
        self._at = 0

    def stamp(self, media: int) -> int:
        """The instant of a frame whose media clock shows ``media`` microseconds (from any origin)."""
        now = self._clock.now()
        if self._media is None:
            at = now
        else:
            at = self._at + max(0, media - self._media)
            if now - at > TOLERANCE:
                at = now
            elif not self._clock.frozen:
                at = min(at, now)
        self._at = max(self._at, at)
        self._media = media
        return self._at
