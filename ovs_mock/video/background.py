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
    """A Publisher with a synchronous face. Joins the room on ``start``, leaves it on ``stop``.

    ::

        with BackgroundPublisher(url, token) as publisher:
            playing = publisher.publish_generated(seconds=4)
            ...
            assert playing.result() == 60

    What plays, plays on while the test goes on; it is cancelled by ``stop``. Arguments, errors and the rest are those
    of Publisher.
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
        """Join the room. Once only."""
        self._thread.start()
        try:
            self._publisher = self._thread.run(self._stack.enter_async_context(self._connection))
        except BaseException:
            self._thread.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop what plays and leave the room. Nothing happens when that is done."""
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
        """The Publisher, to be used on its own thread only. RuntimeError before ``start``."""
        if self._publisher is None:
            raise RuntimeError("the publisher is not started: call start(), or use it in a with statement")
        return self._publisher

    @property
    def sent(self) -> int:
        """Frames handed to the SDK since the last ``publish``."""
        return self.publisher.sent

    @property
    def disconnect_reason(self) -> str | None:
        """Why the room was left, ``None`` as long as it is not."""
        return self.publisher.disconnect_reason

    def publish(self, width: int, height: int, options: TrackOptions | None = None) -> None:
        self._thread.run(self.publisher.publish(width, height, options))

    def send(self, rgb: Rgb, *, number: int | None = None) -> None:
        self._thread.run(_send(self.publisher, rgb, number))

    def play(self, frames: Iterable[Rgb], *, fps: float = 15.0, stamp: bool = False) -> Future[int]:
        """Begin to play; the result is the number of frames that were sent."""
        return self._begin(self.publisher.play(frames, fps=fps, stamp=stamp))

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
        """Publish, and begin to play; the result is the number of frames that were sent."""
        from ovs_mock.video.patterns import generated

        frames = generated(width, height, count=None if seconds is None else round(seconds * fps), pattern=pattern)
        self.publish(width, height, options or TrackOptions.at_rate(fps))
        return self.play(frames, fps=fps, stamp=True)

    def publish_file(
        self, path: str | Path, *, loop: bool = False, stamp: bool = False, options: TrackOptions | None = None
    ) -> Future[int]:
        """Publish, and begin to play; the result is the number of frames that were sent."""
        from ovs_mock.video.files import load_video
        from ovs_mock.video.patterns import duration

        frames = load_video(path)
        height, width = frames[0].rgb.shape[:2]
        self.publish(width, height, options or TrackOptions.at_rate(len(frames) / duration(frames)))
        return self._begin(self.publisher.play_timed(frames, loop=loop, stamp=stamp))

    def unpublish(self) -> None:
        self._thread.run(self.publisher.unpublish())

    def wait_disconnected(self, timeout: float | None = None) -> str | None:
        """Wait until the room is left, and say why. TimeoutError after that many seconds."""
        waiting = self._thread.submit(self.publisher.disconnected.wait())
        try:
            waiting.result(timeout)
        finally:
            waiting.cancel()
        return self.disconnect_reason

    def _begin(self, playing: Coroutine[Any, Any, int]) -> Future[int]:
        future = self._thread.submit(playing)
        self._playing.add(future)
        future.add_done_callback(self._playing.discard)
        return future


async def _send(publisher: Publisher, rgb: Rgb, number: int | None) -> None:
    publisher.send(rgb, number=number)
