"""A synchronous LiveKit publisher for checks, which have no event loop. Needs the extra ``publish``."""

import threading
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Self

from ovs_common.livekit.options import PublishError, TrackOptions
from ovs_common.livekit.session import RoomSession
from ovs_contracts.transport.realtime import stopwatch, wait

Size = tuple[int, int]

TIMEOUT = 20.0


class RoomJoinError(RuntimeError):
    """The room cannot be joined, or video cannot be published into it; the message is the LiveKit client's."""


class RoomParticipant:
    """Joins a room, sends nothing, and leaves it when the ``with`` block ends.

    Args:
        url: The LiveKit server's WebSocket URL.
        token: A LiveKit access token.
        timeout: Seconds that each step may take. Defaults to 20.

    Attributes:
        disconnected: Set once the room is left, whichever side ended it.
        disconnect_reason: LiveKit's reason, such as ``ROOM_DELETED``, when the server ended it; else ``None``.
    """

    def __init__(self, url: str, token: str, *, timeout: float = TIMEOUT) -> None:
        self.disconnected = threading.Event()
        self.disconnect_reason: str | None = None
        self._url = url
        self._token = token
        self._timeout = timeout
        self._session: RoomSession | None = None

    def __enter__(self) -> Self:
        self.join()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.leave()

    def join(self) -> None:
        """Join the room, once. RoomJoinError when the server refuses it, or does not answer in time."""
        session = self._session = RoomSession(self._on_disconnected)
        try:
            self._enter(session)
        except PublishError as error:
            self.leave()
            raise RoomJoinError(str(error)) from None
        except TimeoutError:
            self.leave()
            raise RoomJoinError(f"no answer within {self._timeout:g} s") from None

    def leave(self) -> None:
        """Leave the room. Does nothing when the room is left."""
        session, self._session = self._session, None
        if session is not None:
            # The client's process may have ended.
            with suppress(PublishError, TimeoutError):
                self._wait(session.leave())
        self.disconnected.set()

    def _enter(self, session: RoomSession) -> None:
        self._wait(session.join(self._url, self._token))

    def _wait(self, step: "Future[None]") -> None:
        step.result(self._timeout)

    def _on_disconnected(self, reason: str) -> None:
        self.disconnect_reason = reason
        self.disconnected.set()


class RoomPublisher(RoomParticipant):
    """Joins a room and sends video until the ``with`` block ends: frames of one shade, which changes slowly.

    Args:
        url: The LiveKit server's WebSocket URL.
        token: A LiveKit access token that may publish.
        size: Width and height of the frames, in pixels. Defaults to 640x360.
        fps: Frames per second. Defaults to 10.
        timeout: Seconds that each step may take. Defaults to 20.

    Attributes:
        sent: Number of frames handed to the client. Those that it gets before its connection is up are lost.
    """

    def __init__(
        self, url: str, token: str, *, size: Size = (640, 360), fps: float = 10.0, timeout: float = TIMEOUT
    ) -> None:
        super().__init__(url, token, timeout=timeout)
        self.size = size
        self.fps = fps
        self.sent = 0
        self._playing = threading.Event()
        self._sending = threading.Lock()

    def pause(self) -> None:
        """Stop sending frames; the track stays published. RoomJoinError when the client has ended."""
        with self._sending:
            self._playing.clear()
        self._require_running()

    def resume(self) -> None:
        """Send frames again. RoomJoinError when the client has ended."""
        self._require_running()
        self._playing.set()

    def play(self, seconds: float) -> None:
        """Send frames for so many real seconds. RoomJoinError when the client has ended."""
        self.resume()
        wait(seconds)
        self.pause()

    def leave(self) -> None:
        super().leave()
        self._playing.set()

    def _enter(self, session: RoomSession) -> None:
        super()._enter(session)
        self._wait(session.publish(*self.size, TrackOptions.at_rate(self.fps)))
        self._playing.set()
        threading.Thread(target=self._send_frames, args=(session,), name="ovs frames", daemon=True).start()

    def _send_frames(self, session: RoomSession) -> None:
        """Send frames at an even pace, until the room is left."""
        due = stopwatch()
        with suppress(PublishError):
            while not self.disconnected.wait(max(0.0, due - stopwatch())):
                if self._send_frame(session):
                    due += 1 / self.fps
                else:
                    self._playing.wait()
                    due = stopwatch()

    def _send_frame(self, session: RoomSession) -> bool:
        """Send one frame, unless paused; whether it was sent."""
        with self._sending:
            if self._playing.is_set():
                session.send_frame(*self._frame(), timestamp_us=round(stopwatch() * 1_000_000), pixel_format="I420")
                self.sent += 1
                return True
            return False

    def _frame(self) -> tuple[memoryview, int, int]:
        """The next frame and its size. Its shade differs from that of the frame before."""
        width, height = self.size
        colour = (width + 1) // 2 * ((height + 1) // 2)
        shade = 40 + self.sent * 3 % 180
        pixels = bytes([shade]) * (width * height) + bytes([110]) * colour + bytes([150]) * colour
        return memoryview(pixels), width, height

    def _on_disconnected(self, reason: str) -> None:
        super()._on_disconnected(reason)
        # Wakes the thread that sends, which then ends.
        self._playing.set()

    def _require_running(self) -> None:
        if self._session is None:
            raise RoomJoinError("the room is not joined: call join() first")
        try:
            self._session.require_running()
        except PublishError as error:
            raise RoomJoinError(str(error)) from None
