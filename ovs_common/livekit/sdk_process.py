"""LiveKit's SDK in a process of its own: ``python -m ovs_common.livekit.sdk_process``.

The SDK is native code. It aborts its process when a server sends something unexpected, and now and then when the
process ends by itself, as its threads call into an interpreter that no longer exists. The program that publishes must
outlive both.

Commands come on standard input and replies go to standard output, a JSON object per line. A command has the number of
its ``session``; one that is to be answered has an ``id``, which the reply repeats. The line of a frame is followed by
its bytes.

    {"id": 1, "session": 1, "do": "join", "url": …, "token": …, "single_peer_connection": null, "connect_timeout": null}
    {"id": 2, "session": 1, "do": "publish", "width": 640, "height": 480, "options": {…}}      also unpublish, leave
    {"session": 1, "do": "frame", "width": 640, "height": 480, "timestamp_us": 5000000,
     "pixel_format": "RGB24", "bytes": 921600}

    {"id": 1, "error": null}                     or {"id": 1, "error": "…", "kind": "ConnectError"}
    {"session": 1, "disconnected": "ROOM_DELETED"}

The process ends when its input ends.
"""

import asyncio
import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

from livekit import rtc

from ovs_common.livekit.options import TrackOptions

Json = dict[str, Any]
Write = Callable[[Json], object]


class SdkSession:
    """A participant of one room."""

    def __init__(self, number: int, write: Write) -> None:
        self._number = number
        self._write = write
        self._room = rtc.Room()
        self._source: rtc.VideoSource | None = None
        self._publication: rtc.LocalTrackPublication | None = None
        self._joining: asyncio.Task[Any] | None = None

    async def join(self, url: str, token: str, **options: Any) -> None:
        self._joining = asyncio.current_task()
        self._room.on("disconnected", self._on_disconnected)
        await self._room.connect(url, token, rtc.RoomOptions(**options))
        self._joining = None

    async def publish(self, width: int, height: int, options: Json) -> None:
        chosen = TrackOptions(**options)
        source = rtc.VideoSource(width, height)
        track = rtc.LocalVideoTrack.create_video_track(chosen.name, source)
        self._publication = await self._room.local_participant.publish_track(track, _publish_options(chosen))
        self._source = source

    def frame(self, data: bytes, width: int, height: int, timestamp_us: int, pixel_format: str) -> None:
        """Send a frame. One whose track was unpublished meanwhile is dropped."""
        if self._source is not None:
            frame = rtc.VideoFrame(width, height, rtc.VideoBufferType.Value(pixel_format), data)
            self._source.capture_frame(frame, timestamp_us=timestamp_us)

    async def unpublish(self) -> None:
        publication, self._publication = self._publication, None
        source, self._source = self._source, None
        if publication is not None and self._room.isconnected():
            await self._room.local_participant.unpublish_track(publication.sid)
        if source is not None:
            await source.aclose()

    async def leave(self) -> None:
        """Leave the room, also while joining it."""
        if self._joining is not None:
            self._joining.cancel()
        await self._room.disconnect()
        if self._source is not None:
            await self._source.aclose()
        self._source = self._publication = None

    def _on_disconnected(self, code: int) -> None:
        names = (name for name, value in rtc.DisconnectReason.items() if value == code)
        self._write({"session": self._number, "disconnected": next(names, f"UNKNOWN_{code}")})


class SdkSessions:
    """All sessions, and the commands to them."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._sessions: dict[int, SdkSession] = {}

    async def execute(self, command: Json, data: bytes) -> None:
        id_, number, name = command.pop("id", None), command.pop("session"), command.pop("do")
        if name == "frame":
            if session := self._sessions.get(number):
                session.frame(data, **command)
            return
        reply: Json = {"id": id_, "error": None}
        try:
            await self._run(number, name, command)
        except asyncio.CancelledError:
            reply.update(error="left while joining", kind="Cancelled")
        except Exception as error:  # noqa: BLE001 - the SDK's errors have no common class
            reply.update(error=str(error), kind=type(error).__name__)
        self._write(reply)

    async def _run(self, number: int, name: str, parameters: Json) -> None:
        """Call the method of that name. In a room that is left, there is nothing to unpublish or to leave."""
        if name == "join":
            self._sessions[number] = SdkSession(number, self._write)
        session = self._sessions.pop(number, None) if name == "leave" else self._sessions.get(number)
        if session is not None:
            await getattr(session, name)(**parameters)
        elif name == "publish":
            raise RuntimeError("the room is left")


def _publish_options(options: TrackOptions) -> rtc.TrackPublishOptions:
    message = rtc.TrackPublishOptions(source=rtc.TrackSource.Value(f"SOURCE_{options.source.upper()}"))
    if options.simulcast is not None:
        message.simulcast = options.simulcast
    if options.codec is not None:
        message.video_codec = rtc.VideoCodec.Value(options.codec.upper())
    if options.max_fps is not None and options.max_bitrate is not None:
        message.video_encoding.max_framerate = options.max_fps
        message.video_encoding.max_bitrate = options.max_bitrate
    return message


def _read(commands: BinaryIO, loop: asyncio.AbstractEventLoop, sessions: SdkSessions) -> None:
    while line := commands.readline():
        command = json.loads(line)
        data = commands.read(command.pop("bytes", 0))
        executed = asyncio.run_coroutine_threadsafe(sessions.execute(command, data), loop)
        if data:
            # One frame at a time: the next ones wait in the pipe, where the parent notices that it is full.
            executed.exception()
    # Without the interpreter's finalization, during which the SDK may call what no longer exists.
    os._exit(0)


async def _main(commands: BinaryIO, write: Write) -> None:
    arguments = (commands, asyncio.get_running_loop(), SdkSessions(write))
    threading.Thread(target=_read, args=arguments, daemon=True).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    # What libraries print goes to standard error: it is no reply.
    os.dup2(2, 1)
    asyncio.run(_main(sys.stdin.buffer, lambda reply: replies.write(json.dumps(reply) + "\n")))
