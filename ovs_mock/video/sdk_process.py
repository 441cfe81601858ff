"""LiveKit's SDK in a process of its own: ``python -m ovs_mock.video.sdk_process``.

The SDK is native code that ends its process when it meets what it did not expect, and now and then when the process
ends by itself, as its threads call into an interpreter that is no longer there. Tests that publish must outlive both.

Orders come on standard input and answers go to standard output, a JSON object a line. An order has the ``seat`` that
it is about, a number; one that is to be answered has an ``id``, which the answer repeats. Behind a frame's line come
its bytes, red green blue.

    {"id": 1, "seat": 1, "do": "join", "url": …, "token": …, "single_peer_connection": null, "connect_timeout": null}
    {"id": 2, "seat": 1, "do": "publish", "width": 640, "height": 480, "options": {…}}        also unpublish, leave
    {"seat": 1, "do": "frame", "width": 640, "height": 480, "timestamp_us": 5000000, "bytes": 921600}

    {"id": 1, "error": null}                     or {"id": 1, "error": "…", "kind": "ConnectError"}
    {"seat": 1, "disconnected": "ROOM_DELETED"}

It ends with its input.
"""

import asyncio
import json
import os
import sys
import threading
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from ovs_mock.video.sdk import TrackOptions, disconnect_reason, publish_options

if TYPE_CHECKING:
    from livekit import rtc

Json = dict[str, Any]


class SdkParticipant:
    """Who has a seat: a participant of one room."""

    def __init__(self, seat: int, say: "MessageWriter") -> None:
        self._seat = seat
        self._say = say
        self._room: rtc.Room | None = None
        self._source: rtc.VideoSource | None = None
        self._publication: rtc.LocalTrackPublication | None = None
        self._joining: asyncio.Task[Any] | None = None

    async def join(self, url: str, token: str, **options: Any) -> None:
        from livekit import rtc

        self._joining = asyncio.current_task()
        self._room = rtc.Room()
        self._room.on("disconnected", self._on_disconnected)
        await self._room.connect(url, token, rtc.RoomOptions(**options))
        self._joining = None

    async def publish(self, width: int, height: int, options: Json) -> None:
        from livekit import rtc

        assert self._room is not None
        chosen = TrackOptions(**options)
        source = rtc.VideoSource(width, height)
        track = rtc.LocalVideoTrack.create_video_track(chosen.name, source)
        self._publication = await self._room.local_participant.publish_track(track, publish_options(chosen))
        self._source = source

    def frame(self, data: bytes, width: int, height: int, timestamp_us: int) -> None:
        """Send a frame; one for a track that was taken back meanwhile is nobody's."""
        from livekit import rtc

        if self._source is not None:
            frame = rtc.VideoFrame(width, height, rtc.VideoBufferType.RGB24, data)
            self._source.capture_frame(frame, timestamp_us=timestamp_us)

    async def unpublish(self) -> None:
        publication, self._publication = self._publication, None
        source, self._source = self._source, None
        if publication is not None and self._room is not None and self._room.isconnected():
            await self._room.local_participant.unpublish_track(publication.sid)
        if source is not None:
            await source.aclose()

    async def leave(self) -> None:
        """Leave, also on the way in."""
        if self._joining is not None:
            self._joining.cancel()
        if self._room is not None:
            await self._room.disconnect()
        if self._source is not None:
            await self._source.aclose()
        self._source = self._publication = None

    def _on_disconnected(self, reason: int) -> None:
        self._say({"seat": self._seat, "disconnected": disconnect_reason(reason)})


class MessageWriter:
    """Speaks to who started this process, a line at a time."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def __call__(self, words: Json) -> None:
        self._out.write(json.dumps(words) + "\n")
        self._out.flush()


class SdkParticipants:
    """All of them, and the orders about them."""

    def __init__(self, say: MessageWriter) -> None:
        self._say = say
        self._guests: dict[int, SdkParticipant] = {}

    async def obey(self, order: Json, data: bytes) -> None:
        id_, seat, do = order.pop("id", None), order.pop("seat"), order.pop("do")
        guest = self._guests.setdefault(seat, SdkParticipant(seat, self._say))
        if do == "frame":
            guest.frame(data, **order)
            return
        if do == "leave":
            del self._guests[seat]
        answer: Json = {"id": id_, "error": None}
        try:
            await getattr(guest, do)(**order)
        except asyncio.CancelledError:
            answer.update(error="left on the way in", kind="Cancelled")
        except Exception as error:  # noqa: BLE001 - the SDK raises what it likes
            answer.update(error=str(error), kind=type(error).__name__)
        self._say(answer)


def _listen(orders: BinaryIO, loop: asyncio.AbstractEventLoop, guests: SdkParticipants) -> None:
    while line := orders.readline():
        order = json.loads(line)
        data = orders.read(order.pop("bytes", 0))
        obeyed = asyncio.run_coroutine_threadsafe(guests.obey(order, data), loop)
        if data:
            # Frames wait in the pipe, where who sends them notices, and not here.
            obeyed.exception()
    # Not by the interpreter's long way, on which the SDK may call what is no longer there.
    os._exit(0)


async def _main(orders: BinaryIO, say: MessageWriter) -> None:
    listening = threading.Thread(
        target=_listen, args=(orders, asyncio.get_running_loop(), SdkParticipants(say)), daemon=True
    )
    listening.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What others print is no answer.
    os.dup2(2, 1)
    asyncio.run(_main(sys.stdin.buffer, MessageWriter(out)))
