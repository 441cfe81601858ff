"""Real video: LiveKit clients on a thread of their own, for checks, which have no event loop.

The client is the extra ``publish``; it is imported when the first room is joined. The thread is shared by all and never
ends, as the client goes on speaking to the loops that it has known.
"""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ovs_contracts.realtime import wait

if TYPE_CHECKING:
    from livekit import rtc

T = TypeVar("T")

Size = tuple[int, int]

# Enough for 1280x720; without it the client would send smaller pictures to begin with.
AMPLE_BITRATE = 2_000_000
PATIENCE = 20.0


class PublishError(RuntimeError):
    """The room cannot be joined, or takes no video; the message is the client's."""


class Visitor:
    """Joins a room, and sends nothing. Leaves it when the block ends. ``patience`` is in seconds, for each step."""

    def __init__(self, url: str, token: str, *, patience: float = PATIENCE) -> None:
        self.url = url
        self.disconnected = threading.Event()
        """Set once the room is left, whoever wanted it."""
        self.disconnect_reason: str | None = None
        """Why, in LiveKit's words: ``ROOM_DELETED``, ``DUPLICATE_IDENTITY``, …"""
        self._token = token
        self._patience = patience
        self._loop = _loop()
        self._room: rtc.Room | None = None

    def __enter__(self) -> Self:
        self.join()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.leave()

    def join(self) -> None:
        """Enter the room, once. PublishError when that is refused."""
        try:
            self._do(self._enter())
        except Exception as error:  # noqa: BLE001 - the client raises what it likes
            self.leave()
            raise PublishError(f"{type(error).__name__}: {error}") from None

    def leave(self) -> None:
        """Leave the room. Nothing happens when that is done."""
        # Somebody who was sent out, or never got in, has nothing to take leave of.
        with suppress(Exception):
            self._do(self._exit())
        self.disconnected.set()

    async def _enter(self) -> None:
        from livekit import rtc

        self._room = rtc.Room()
        self._room.on("disconnected", self._on_disconnected)
        await self._room.connect(self.url, self._token)

    async def _exit(self) -> None:
        if self._room is not None:
            await self._room.disconnect()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        doing = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return doing.result(self._patience)
        except TimeoutError:
            doing.cancel()
            raise TimeoutError(f"no answer within {self._patience:g} s") from None

    def _on_disconnected(self, reason: int) -> None:
        from livekit import rtc

        names = (name for name, value in rtc.DisconnectReason.items() if value == reason)
        self.disconnect_reason = next(names, f"UNKNOWN_{reason}")
        self.disconnected.set()


class Publisher(Visitor):
    """Joins a room and sends video, frames of one colour that slowly changes, until the block ends or ``pause``."""

    def __init__(
        self, url: str, token: str, *, size: Size = (640, 360), fps: float = 10.0, patience: float = PATIENCE
    ) -> None:
        super().__init__(url, token, patience=patience)
        self.size = size
        self.fps = fps
        self.sent = 0
        """Frames handed to the client. What it sends before its connection stands is lost."""
        self._playing = asyncio.Event()
        self._source: rtc.VideoSource | None = None
        self._sending: asyncio.Task[None] | None = None

    def pause(self) -> None:
        """Send no frames for now. The track stays published."""
        self._loop.call_soon_threadsafe(self._playing.clear)

    def resume(self) -> None:
        """Send frames again."""
        self._loop.call_soon_threadsafe(self._playing.set)

    def play(self, seconds: float) -> None:
        """Send frames for so many real seconds."""
        self.resume()
        wait(seconds)
        self.pause()

    async def _enter(self) -> None:
        await super()._enter()
        from livekit import rtc

        assert self._room is not None
        self._source = rtc.VideoSource(*self.size)
        track = rtc.LocalVideoTrack.create_video_track("video", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA)
        # By itself it sends 15 or 20 a second, however many it gets.
        options.video_encoding.max_framerate = self.fps
        options.video_encoding.max_bitrate = AMPLE_BITRATE
        await self._room.local_participant.publish_track(track, options)
        self._playing.set()
        self._sending = asyncio.create_task(self._send(self._source))

    async def _exit(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
        await super()._exit()
        if self._source is not None:
            await self._source.aclose()

    async def _send(self, source: "rtc.VideoSource") -> None:
        due = self._loop.time()
        while not self.disconnected.is_set():
            if not self._playing.is_set():
                await self._playing.wait()
                due = self._loop.time()
            source.capture_frame(_frame(self.size, self.sent), timestamp_us=round(self._loop.time() * 1_000_000))
            self.sent += 1
            due += 1 / self.fps
            await asyncio.sleep(max(0.0, due - self._loop.time()))


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="livekit", daemon=True).start()
    return loop


def _frame(size: Size, number: int) -> "rtc.VideoFrame":
    """A picture of one shade, which is another one for the next number."""
    from livekit import rtc

    width, height = size
    shade = 40 + number * 3 % 180
    colour = (width + 1) // 2 * ((height + 1) // 2)
    pixels = bytes([shade]) * (width * height) + bytes([110]) * colour + bytes([150]) * colour
    return rtc.VideoFrame(width, height, rtc.VideoBufferType.I420, pixels)
