"""The test publisher: a real LiveKit client that sends video which knows itself.

::

    async with Publisher.connect(url, token) as publisher:
        await publisher.publish_generated(640, 480, fps=15, seconds=4)

Frames are arrays of shape ``(height, width, 3)``, ``uint8``, red green blue. They are sent at the pace of real time, as
the SDK's encoder drops what comes faster. The SDK is native code and runs in a process of its own, so that what becomes
of it becomes of nobody else.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ovs_mock.util.tracebacks import of_mistakes
from ovs_mock.video.pixels import Rgb
from ovs_mock.video.sdk import PublishError, TrackOptions, require_sdk

if TYPE_CHECKING:
    from ovs_mock.video.patterns import Pattern, TimedFrame


__tracebackhide__ = of_mistakes


class Publisher:
    """A participant of one LiveKit room. Made by ``Publisher.connect``; lives on the event loop that made it."""

    def __init__(self) -> None:
        from ovs_mock.video.session import PublisherSession

        self._seat = PublisherSession(self._put_out)
        self._loop = asyncio.get_running_loop()
        self._publishing = False
        self._published_at = 0.0
        self.sent = 0
        """Frames handed to the SDK since the last ``publish``."""
        self.disconnected = asyncio.Event()
        """Set once the room is left, whoever wanted it."""
        self.disconnect_reason: str | None = None
        """Why, in LiveKit's words: ``CLIENT_INITIATED``, ``ROOM_DELETED``, ``DUPLICATE_IDENTITY``, …

        ``CLIENT_ENDED``, which is ours, when the process ended in which the SDK runs.
        """

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, url: str, token: str, *, single_peer_connection: bool | None = None, connect_timeout: float | None = None
    ) -> AsyncIterator[Self]:
        """Join a room, and leave it at the end. ``connect_timeout`` in seconds, for one attempt to reach the server.

        ``single_peer_connection`` is the SDK's option of that name, ``None`` for its default. Raises
        MissingExtraError without the SDK, and the SDK's ``rtc.ConnectError`` when the room cannot be joined.
        """
        require_sdk()
        publisher = cls()
        options = {"single_peer_connection": single_peer_connection, "connect_timeout": connect_timeout}
        await publisher._seat.join(url, token, **options)
        try:
            yield publisher
        finally:
            await publisher.leave()

    @property
    def publishing(self) -> bool:
        return self._publishing

    async def publish(self, width: int, height: int, options: TrackOptions | None = None) -> None:
        """Offer a track of that size, in pixels. Frames follow with ``send`` or ``play``.

        Raises PublishError when there is a track already, and the SDK's ``PublishTrackError``.
        """
        if self._publishing:
            raise PublishError("already publishing: unpublish() first")
        await self._seat.publish(width, height, options or TrackOptions())
        self._publishing = True
        self._published_at = self._loop.time()
        self.sent = 0

    def send(self, rgb: Rgb, *, number: int | None = None) -> None:
        """Send one frame now. With ``number``, a copy of it, stamped with that number and the time since ``publish``.

        Raises PublishError when nothing is published, ValueError for an array that is no picture.
        """
        if not self._publishing:
            raise PublishError("nothing is published: publish() first")
        now = self._loop.time()
        if number is not None:
            from ovs_mock.video.stamp import write_stamp

            rgb = write_stamp(rgb.copy(), number, round((now - self._published_at) * 1000))
        # All processes of a machine have the same monotonic clock.
        self._seat.frame(rgb, round(now * 1_000_000))
        self.sent += 1

    async def play(self, frames: Iterable[Rgb], *, fps: float = 15.0, stamp: bool = False) -> int:
        """Send frames at an even pace, and say how many there were. Ends when they do, or the room is left.

        With ``stamp``, copies of them, numbered on from the frames sent before.
        """
        start, begun = self._loop.time(), self.sent
        for position, rgb in enumerate(frames):
            await self._until(start + position / fps)
            if self.disconnected.is_set():
                break
            self.send(rgb, number=self.sent if stamp else None)
        return self.sent - begun

    async def play_timed(self, frames: "Sequence[TimedFrame]", *, loop: bool = False, stamp: bool = False) -> int:
        """Send frames at their own times, once or over and over, and say how many there were; see ``play``."""
        from ovs_mock.video.patterns import duration

        start, begun = self._loop.time(), self.sent
        rounds: Iterable[int] = count() if loop else range(1)
        for round_ in rounds:
            for frame in frames:
                await self._until(start + round_ * duration(frames) + frame.time)
                if self.disconnected.is_set():
                    return self.sent - begun
                self.send(frame.rgb, number=self.sent if stamp else None)
        return self.sent - begun

    async def publish_generated(
        self,
        width: int = 640,
        height: int = 480,
        *,
        fps: float = 15.0,
        seconds: float | None = None,
        pattern: "str | Pattern" = "bars",
        options: TrackOptions | None = None,
    ) -> int:
        """Publish a moving pattern, each frame stamped with its number and time; how many frames were sent.

        For that many ``seconds``, or until the task is cancelled or the room left. The track stays published.
        """
        from ovs_mock.video.patterns import generated

        frames = generated(width, height, count=None if seconds is None else round(seconds * fps), pattern=pattern)
        await self.publish(width, height, options or TrackOptions.at_rate(fps))
        return await self.play(frames, fps=fps, stamp=True)

    async def publish_file(
        self, path: str | Path, *, loop: bool = False, stamp: bool = False, options: TrackOptions | None = None
    ) -> int:
        """Publish a video file at its own pace, once or over and over; how many frames were sent.

        The file is decoded as a whole first, so keep it short. With ``stamp``, numbers are written over the top of its
        frames. Raises VideoFileError.
        """
        from ovs_mock.video.files import load_video
        from ovs_mock.video.patterns import duration

        frames = await asyncio.to_thread(load_video, path)
        height, width = frames[0].rgb.shape[:2]
        await self.publish(width, height, options or TrackOptions.at_rate(len(frames) / duration(frames)))
        return await self.play_timed(frames, loop=loop, stamp=stamp)

    async def unpublish(self) -> None:
        """Take the track back. Nothing happens when there is none."""
        if self._publishing:
            self._publishing = False
            await self._seat.unpublish()

    async def leave(self) -> None:
        """Leave the room. Nothing happens when that is done."""
        await self._seat.leave()
        if not self.disconnected.is_set():
            # The SDK does not always get around to saying so before it stops listening.
            self.disconnect_reason = "CLIENT_INITIATED"
            self.disconnected.set()
        self._publishing = False

    async def _until(self, moment: float) -> None:
        """Wait for the loop's clock. Late frames go out at once, but never without letting others run."""
        await asyncio.sleep(max(0.0, moment - self._loop.time()))

    def _put_out(self, reason: str) -> None:
        if not self.disconnected.is_set():
            self.disconnect_reason = reason
            self.disconnected.set()
