"""LiveKit's own client in a process of its own: ``python -m ovs_contracts.client.livekit.sdk_process``.

The client is native code that ends its process when it finds a server too strange, and now and then when the process
ends by itself. A run of checks must outlive both.

Orders come on standard input and answers go to standard output, a JSON object a line. An order has an ``id``, which its
answer repeats, and a ``visit``, the number of a stay in some room:

    {"id": 1, "visit": 1, "do": "join", "url": …, "token": …, "size": [640, 360] or null, "fps": 10}
    {"id": 2, "visit": 1, "do": "pause"}         also resume, sent, leave

    {"id": 1, "answer": null}                    or {"id": 1, "error": "…"}
    {"visit": 1, "disconnected": "ROOM_DELETED"}

It ends with its input.
"""

import asyncio
import json
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from livekit import rtc

Json = dict[str, Any]

# Enough for 1280x720; without it the client would send smaller pictures to begin with.
AMPLE_BITRATE = 2_000_000


class SdkSession:
    """A stay in a room, in which video may be published: frames of one shade, which slowly changes."""

    def __init__(self, number: int) -> None:
        self.sent = 0
        self._number = number
        self._playing = asyncio.Event()
        self._room: rtc.Room | None = None
        self._source: rtc.VideoSource | None = None
        self._sending: asyncio.Task[None] | None = None
        self._joining: asyncio.Task[Any] | None = None

    async def join(self, url: str, token: str, size: list[int] | None, fps: float) -> None:
        """Enter; with a size, publish."""
        from livekit import rtc

        self._joining = asyncio.current_task()
        self._room = rtc.Room()
        self._room.on("disconnected", self._on_disconnected)
        await self._room.connect(url, token)
        if size is not None:
            await self._publish(self._room, size[0], size[1], fps)
        self._joining = None

    async def leave(self) -> None:
        """Leave, also on the way in."""
        for task in (self._joining, self._sending):
            if task is not None:
                task.cancel()
        if self._room is not None:
            await self._room.disconnect()
        if self._source is not None:
            await self._source.aclose()

    def pause(self) -> None:
        self._playing.clear()

    def resume(self) -> None:
        self._playing.set()

    async def _publish(self, room: "rtc.Room", width: int, height: int, fps: float) -> None:
        from livekit import rtc

        self._source = rtc.VideoSource(width, height)
        track = rtc.LocalVideoTrack.create_video_track("video", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA)
        # By itself it sends 15 or 20 a second, however many it gets.
        options.video_encoding.max_framerate = fps
        options.video_encoding.max_bitrate = AMPLE_BITRATE
        await room.local_participant.publish_track(track, options)
        self.resume()
        self._sending = asyncio.create_task(self._send(self._source, width, height, fps))

    async def _send(self, source: "rtc.VideoSource", width: int, height: int, fps: float) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            if not self._playing.is_set():
                await self._playing.wait()
                due = loop.time()
            source.capture_frame(_frame(width, height, self.sent), timestamp_us=round(loop.time() * 1_000_000))
            self.sent += 1
            due += 1 / fps
            await asyncio.sleep(max(0.0, due - loop.time()))

    def _on_disconnected(self, reason: int) -> None:
        from livekit import rtc

        if self._sending is not None:
            self._sending.cancel()
        names = (name for name, value in rtc.DisconnectReason.items() if value == reason)
        _say({"visit": self._number, "disconnected": next(names, f"UNKNOWN_{reason}")})


class SdkSessions:
    """All of them, and the orders about them."""

    def __init__(self) -> None:
        self._visits: dict[int, SdkSession] = {}

    async def obey(self, order: Json) -> None:
        try:
            answer = await self._done(order)
        except Exception as error:  # noqa: BLE001 - the client raises what it likes
            _say({"id": order["id"], "error": f"{type(error).__name__}: {error}"})
        else:
            _say({"id": order["id"], "answer": answer})

    async def _done(self, order: Json) -> int | None:
        number = order["visit"]
        visit = self._visits.setdefault(number, SdkSession(number))
        match order["do"]:
            case "join":
                await visit.join(order["url"], order["token"], order["size"], order["fps"])
            case "leave":
                del self._visits[number]
                await visit.leave()
            case "pause":
                visit.pause()
            case "resume":
                visit.resume()
        return visit.sent


def _frame(width: int, height: int, number: int) -> "rtc.VideoFrame":
    """A picture of one shade, which is another one for the next number."""
    from livekit import rtc

    shade = 40 + number * 3 % 180
    colour = (width + 1) // 2 * ((height + 1) // 2)
    pixels = bytes([shade]) * (width * height) + bytes([110]) * colour + bytes([150]) * colour
    return rtc.VideoFrame(width, height, rtc.VideoBufferType.I420, pixels)


def _say(words: Json) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def _listen(loop: asyncio.AbstractEventLoop, visits: SdkSessions) -> None:
    for line in sys.stdin:
        asyncio.run_coroutine_threadsafe(visits.obey(json.loads(line)), loop)
    # Not by the interpreter's long way, on which the client may speak to what is no longer there.
    os._exit(0)


async def _main() -> None:
    threading.Thread(target=_listen, args=(asyncio.get_running_loop(), SdkSessions()), daemon=True).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
