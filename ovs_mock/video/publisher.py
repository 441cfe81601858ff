"""The test publisher: a real LiveKit client that sends frames which carry their own number and time.

::

    async with Publisher.connect(url, token) as publisher:
        await publisher.publish_generated(640, 480, fps=15, seconds=4)

Frames are arrays of shape ``(height, width, 3)``, ``uint8``, red green blue. The publisher sends them in real time,
because the SDK's encoder drops frames that come faster. LiveKit's SDK is native code and runs in a child process: when
the SDK aborts, the test process goes on.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ovs_common.extras import require_extra
from ovs_common.livekit.options import PublishError, SdkError, TrackOptions
from ovs_mock.util.tracebacks import is_user_error
from ovs_mock.video.pixels import Rgb

if TYPE_CHECKING:
    from ovs_mock.video.patterns import Pattern, TimedFrame


__tracebackhide__ = is_user_error

OFFICIAL_CLIENT = TrackOptions(max_fps=6, max_bitrate=2_000_000)
"""The options that Overshoot's official Python client publishes with."""
# Seconds that leaving the room may take.
LEAVE_TIMEOUT = 10.0


class Publisher:
    """A participant of one LiveKit room, made by ``Publisher.connect``. Use it on the event loop that made it.

    Attributes:
        sent: Number of frames handed to the SDK since the last ``publish``.
        disconnected: Set once the room is left, whichever side ended it.
        disconnect_reason: LiveKit's reason for it, such as ``CLIENT_INITIATED``, ``ROOM_DELETED`` or
            ``DUPLICATE_IDENTITY``; ``CLIENT_ENDED``, which is not LiveKit's, when the SDK's process ended. ``None``
            while the participant is in the room.
    """

    def __init__(self) -> None:
        from ovs_common.livekit.session import RoomSession

        self._loop = asyncio.get_running_loop()
        self._session = RoomSession(self._on_disconnected)
        self._publishing = False
        self._published_at = 0.0
        self.sent = 0
        self.disconnected = asyncio.Event()
        self.disconnect_reason: str | None = None

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, url: str, token: str, *, single_peer_connection: bool | None = None, connect_timeout: float | None = None
    ) -> AsyncIterator[Self]:
        """Join a room, and leave it when the ``async with`` block ends.

        Args:
            url: The LiveKit server's WebSocket URL.
            token: A LiveKit access token for the room.
            single_peer_connection: The SDK's option of that name; ``None`` for the SDK's default.
            connect_timeout: Seconds that one attempt to reach the server may take; ``None`` for the SDK's default.

        Returns:
            An async context manager whose value is the publisher.

        Raises:
            MissingExtraError: LiveKit's SDK is not installed.
            livekit.rtc.ConnectError: The room cannot be joined.
        """
        require_extra("publish", "the test publisher needs")
        publisher = cls()
        joining = publisher._session.join(
            url, token, single_peer_connection=single_peer_connection, connect_timeout=connect_timeout
        )
        try:
            await _result(joining)
        except BaseException:
            publisher._session.abandon()
            raise
        try:
            yield publisher
        finally:
            await publisher.leave()

    @property
    def publishing(self) -> bool:
        """Whether a track is published."""
        return self._publishing

    async def publish(self, width: int, height: int, options: TrackOptions | None = None) -> None:
        """Publish a track without frames. Send them with ``send``, ``play`` or ``play_timed``.

        Args:
            width: Width of the frames, in pixels.
            height: Height of the frames, in pixels.
            options: How the track is published. Defaults to ``TrackOptions()``.

        Raises:
            PublishError: A track is published already.
            livekit.rtc.participant.PublishTrackError: The server refuses the track.
        """
        if self._publishing:
            raise PublishError("already publishing: unpublish() first")
        await _result(self._session.publish(width, height, options or TrackOptions()))
        self._publishing = True
        self._published_at = self._loop.time()
        self.sent = 0

    def send(self, rgb: Rgb, *, number: int | None = None) -> None:
        """Send one frame now.

        Args:
            rgb: The frame, an array of shape ``(height, width, 3)``, ``uint8``.
            number: When given, a copy of the frame is sent, stamped with this number and the time since ``publish``.

        Raises:
            PublishError: No track is published, or the SDK's process has ended.
            ValueError: The array is not a picture, or is too small for a stamp.
        """
        if not self._publishing:
            raise PublishError("nothing is published: publish() first")
        now = self._loop.time()
        if number is not None:
            from ovs_mock.video.stamp import write_stamp

            rgb = write_stamp(rgb.copy(), number, round((now - self._published_at) * 1000))
        height, width = rgb.shape[:2]
        # All processes of a machine share the monotonic clock.
        self._session.send_frame(_bytes(rgb), width, height, timestamp_us=round(now * 1_000_000), pixel_format="RGB24")
        self.sent += 1

    async def play(self, frames: Iterable[Rgb], *, fps: float = 15.0, stamp: bool = False) -> int:
        """Send frames at an even pace, until they end or the room is left.

        Args:
            frames: Arrays of shape ``(height, width, 3)``, ``uint8``.
            fps: Frames per second. Defaults to 15.
            stamp: Whether to send copies that are stamped with their numbers, which continue from earlier frames.
                Defaults to False.

        Returns:
            The number of frames sent.
        """
        start, sent_before = self._loop.time(), self.sent
        for position, rgb in enumerate(frames):
            await self._until(start + position / fps)
            if self.disconnected.is_set():
                break
            self.send(rgb, number=self.sent if stamp else None)
        return self.sent - sent_before

    async def play_timed(self, frames: "Sequence[TimedFrame]", *, loop: bool = False, stamp: bool = False) -> int:
        """Send frames at their own times.

        Args:
            frames: Pictures with their times in seconds.
            loop: Whether to repeat the frames until the room is left. Defaults to False.
            stamp: As for ``play``.

        Returns:
            The number of frames sent.
        """
        from ovs_mock.video.patterns import duration

        start, sent_before = self._loop.time(), self.sent
        rounds: Iterable[int] = count() if loop else range(1)
        for round_ in rounds:
            for frame in frames:
                await self._until(start + round_ * duration(frames) + frame.time)
                if self.disconnected.is_set():
                    return self.sent - sent_before
                self.send(frame.rgb, number=self.sent if stamp else None)
        return self.sent - sent_before

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
        """Publish a moving pattern, each frame stamped with its number and time. The track stays published.

        Args:
            width: Width in pixels. Defaults to 640.
            height: Height in pixels. Defaults to 480.
            fps: Frames per second. Defaults to 15.
            seconds: How long to send; ``None``, the default, until the task is cancelled or the room is left.
            pattern: A name of ``ovs_mock.video.patterns.PATTERNS``, or a function that draws a frame by its number,
                width and height. Defaults to ``"bars"``.
            options: How the track is published. Defaults to ``TrackOptions.at_rate(fps)``.

        Returns:
            The number of frames sent.

        Raises:
            ValueError: The pattern has an unknown name, or the frame is too small for a stamp.
        """
        from ovs_mock.video.patterns import generated

        frames = generated(width, height, count=None if seconds is None else round(seconds * fps), pattern=pattern)
        await self.publish(width, height, options or TrackOptions.at_rate(fps))
        return await self.play(frames, fps=fps, stamp=True)

    async def publish_file(
        self, path: str | Path, *, loop: bool = False, stamp: bool = False, options: TrackOptions | None = None
    ) -> int:
        """Publish a video file at its own pace. The whole file is decoded first: 0.9 MB per frame of 640x480.

        Args:
            path: The video file.
            loop: Whether to repeat it until the room is left. Defaults to False.
            stamp: Whether to write numbers over the top of its frames. Defaults to False.
            options: How the track is published. Defaults to ``TrackOptions.at_rate`` of the file's rate.

        Returns:
            The number of frames sent.

        Raises:
            VideoFileError: The file is missing, is not a video, or is damaged.
        """
        from ovs_mock.video.files import load_video
        from ovs_mock.video.patterns import duration

        frames = await asyncio.to_thread(load_video, path)
        height, width = frames[0].rgb.shape[:2]
        await self.publish(width, height, options or TrackOptions.at_rate(len(frames) / duration(frames)))
        return await self.play_timed(frames, loop=loop, stamp=stamp)

    async def unpublish(self) -> None:
        """Take the track back. Does nothing when no track is published."""
        if self._publishing:
            self._publishing = False
            await _result(self._session.unpublish())

    async def leave(self) -> None:
        """Leave the room. Does nothing when it is left."""
        with suppress(PublishError, TimeoutError):
            async with asyncio.timeout(LEAVE_TIMEOUT):
                await _result(self._session.leave())
        # The SDK does not always report it before it stops listening.
        self._disconnect("CLIENT_INITIATED")
        self._publishing = False

    async def _until(self, time: float) -> None:
        """Wait for the loop's clock. Late frames go out at once, but other tasks run in between."""
        await asyncio.sleep(max(0.0, time - self._loop.time()))

    def _on_disconnected(self, reason: str) -> None:
        """Called on another thread; the loop may be closed."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._disconnect, reason)

    def _disconnect(self, reason: str) -> None:
        if not self.disconnected.is_set():
            self.disconnect_reason = reason
            self.disconnected.set()


async def _result(step: "Future[None]") -> None:
    """Wait for a step of the session. Raises the SDK's own error where it is one that the SDK's users know."""
    try:
        await asyncio.wrap_future(step)
    except SdkError as error:
        from livekit import rtc

        known = {"ConnectError": rtc.ConnectError, "PublishTrackError": rtc.participant.PublishTrackError}
        if error.kind in known:
            raise known[error.kind](error.text) from None
        raise


def _bytes(rgb: Rgb) -> memoryview:
    """The bytes of a picture. ValueError for an array that is no picture."""
    import numpy as np

    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or not rgb.size:
        raise ValueError(f"a picture is (height, width, 3) of uint8, this is {rgb.shape} of {rgb.dtype}")
    return np.ascontiguousarray(rgb).reshape(-1).data
