"""The test publisher on a thread of its own, for tests that have no event loop."""

from collections.abc import Coroutine, Iterable
from concurrent.futures import Future
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ovs_common.livekit.options import TrackOptions
from ovs_mock.util.loop_thread import LoopThread
from ovs_mock.util.tracebacks import is_user_error
from ovs_mock.video.pixels import Rgb
from ovs_mock.video.publisher import Publisher

if TYPE_CHECKING:
    from ovs_mock.video.patterns import Pattern

__tracebackhide__ = is_user_error

T = TypeVar("T")


class BackgroundPublisher:
    """A Publisher with a synchronous API. Joins the room on ``start``, leaves it on ``stop``.

    ::

        with BackgroundPublisher(url, token) as publisher:
            playing = publisher.publish_generated(seconds=4)
            ...
            assert playing.result() == 60

    Frames are sent in the background while the test goes on; ``stop`` cancels that. Arguments and errors of the
    methods are those of Publisher.

    Args:
        url: The LiveKit server's WebSocket URL.
        token: A LiveKit access token for the room.
        single_peer_connection: The SDK's option of that name; ``None`` for the SDK's default.
        connect_timeout: Seconds that one attempt to reach the server may take; ``None`` for the SDK's default.
    """

    def __init__(
        self, url: str, token: str, *, single_peer_connection: bool | None = None, connect_timeout: float | None = None
    ) -> None:
        self._connection = Publisher.connect(
            url, token, single_peer_connection=single_peer_connection, connect_timeout=connect_timeout
        )
        self._thread = LoopThread("publisher")
        self._stack = AsyncExitStack()
        self._playing: set[Future[int]] = set()
        self._publisher: Publisher | None = None

    def start(self) -> Self:
        """Join the room, once.

        Returns:
            This publisher.

        Raises:
            MissingExtraError: LiveKit's SDK is not installed.
            livekit.rtc.ConnectError: The room cannot be joined.
        """
        self._thread.start()
        try:
            self._publisher = self._thread.run(self._stack.enter_async_context(self._connection))
        except BaseException:
            self._thread.stop()
            raise
        return self

    def stop(self) -> None:
        """Cancel what is sent in the background and leave the room. Does nothing when that is done."""
        if not self._thread.running:
            return
        for playing in tuple(self._playing):
            playing.cancel()
        try:
            self._thread.run(self._stack.aclose())
        finally:
            self._thread.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def publisher(self) -> Publisher:
        """The Publisher, which only its own thread may use. RuntimeError before ``start``."""
        if self._publisher is None:
            raise RuntimeError("the publisher is not started: call start(), or use it in a with statement")
        return self._publisher

    @property
    def sent(self) -> int:
        """Number of frames handed to the SDK since the last ``publish``."""
        return self.publisher.sent

    @property
    def disconnect_reason(self) -> str | None:
        """LiveKit's reason why the room was left; ``None`` while the participant is in it."""
        return self.publisher.disconnect_reason

    def publish(self, width: int, height: int, options: TrackOptions | None = None) -> None:
        """Publish a track of that size, in pixels, without frames; see ``Publisher.publish``."""
        self._thread.run(self.publisher.publish(width, height, options))

    def send(self, rgb: Rgb, *, number: int | None = None) -> None:
        """Send one frame now; see ``Publisher.send``."""
        self._thread.run(_send(self.publisher, rgb, number))

    def play(self, frames: Iterable[Rgb], *, fps: float = 15.0, stamp: bool = False) -> Future[int]:
        """Start to send frames; the future's result is the number of frames sent. See ``Publisher.play``."""
        return self._start_sending(self.publisher.play(frames, fps=fps, stamp=stamp))

    def publish_generated(
        self,
        width: int = 640,
        height: int = 480,
        *,
        fps: float = 15.0,
        seconds: float | None = None,
        pattern: "str | Pattern" = "bars",
        options: TrackOptions | None = None,
    ) -> Future[int]:
        """Publish a moving pattern; the future's result is the number of frames sent. See ``Publisher``."""
        from ovs_mock.video.patterns import generated

        frames = generated(width, height, count=None if seconds is None else round(seconds * fps), pattern=pattern)
        self.publish(width, height, options or TrackOptions.at_rate(fps))
        return self.play(frames, fps=fps, stamp=True)

    def publish_file(
        self, path: str | Path, *, loop: bool = False, stamp: bool = False, options: TrackOptions | None = None
    ) -> Future[int]:
        """Publish a video file; the future's result is the number of frames sent. See ``Publisher.publish_file``."""
        from ovs_mock.video.files import load_video
        from ovs_mock.video.patterns import duration

        frames = load_video(path)
        height, width = frames[0].rgb.shape[:2]
        self.publish(width, height, options or TrackOptions.at_rate(len(frames) / duration(frames)))
        return self._start_sending(self.publisher.play_timed(frames, loop=loop, stamp=stamp))

    def unpublish(self) -> None:
        """Take the track back. Does nothing when no track is published."""
        self._thread.run(self.publisher.unpublish())

    def wait_disconnected(self, timeout: float | None = None) -> str | None:
        """Wait until the room is left.

        Args:
            timeout: Maximum seconds to wait; ``None``, the default, for no maximum.

        Returns:
            LiveKit's reason.

        Raises:
            TimeoutError: The participant is still in the room.
        """
        waiting = self._thread.submit(self.publisher.disconnected.wait())
        try:
            waiting.result(timeout)
        finally:
            waiting.cancel()
        return self.disconnect_reason

    def _start_sending(self, playing: Coroutine[Any, Any, int]) -> Future[int]:
        future = self._thread.submit(playing)
        self._playing.add(future)
        future.add_done_callback(self._playing.discard)
        return future


async def _send(publisher: Publisher, rgb: Rgb, number: int | None) -> None:
    publisher.send(rgb, number=number)
