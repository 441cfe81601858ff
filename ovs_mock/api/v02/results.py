"""The result socket: the client sends its key first, then gets results until either side closes the socket.

The handshake always succeeds, as browsers can neither send a header nor see why a handshake failed.
"""

import asyncio
import json
import logging
import sys
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from ovs_mock.api.message_filter import Abort, CloseFrame, Item, Pause, message_filter_of
from ovs_mock.api.v02 import encode
from ovs_mock.api.v02.decode import socket_key
from ovs_mock.engine.commands import AuthenticateSocket, CloseSocket, OpenSocket
from ovs_mock.engine.events import Event, ResultReady, SocketAccepted, SocketRejected, SocketRejection, StreamEnded
from ovs_mock.runtime.runtime import Runtime

log = logging.getLogger("ovs_mock.socket")

# Writes never wait for a slow reader, so that an advance of the clock cannot hang on one; a reader may leave this much
# unread.
MAX_UNREAD_BYTES = 32 * 1024 * 1024

REJECTION_REASONS = {
    SocketRejection.NO_KEY: 'authentication failed: the first message must be {"api_key": "<key>"}',
    SocketRejection.LATE: "authentication failed: no API key came in time",
    SocketRejection.BAD_KEY: "authentication failed: the API key is not valid",
    SocketRejection.STREAM_NOT_FOUND: "authentication failed: stream not found",
}


class ResultSocket:
    """One client of ``/ws/streams/{stream_id}``."""

    def __init__(self, runtime: Runtime, request: web.Request) -> None:
        self._runtime = runtime
        self._request = request
        self.stream_id = request.match_info["stream_id"]
        self.id = runtime.state.ids.tagged("ws")
        self._ws = web.WebSocketResponse(compress=False, writer_limit=sys.maxsize)
        self.message_filter = message_filter_of(request)
        self._outbox: asyncio.Queue[Item] = asyncio.Queue()
        self._closing: asyncio.Task[bool] | None = None
        self._accepted = False

    @property
    def is_watching(self) -> bool:
        """Whether it gets results: its key was valid, and it is not being closed."""
        return self._accepted and self._closing is None and not self._ws.closed

    async def serve(self) -> web.WebSocketResponse:
        """Serve the client until its socket is closed."""
        # Before the response to the upgrade, so that no event in between is lost.
        unsubscribe = self._runtime.subscribe(self._on_event)
        self._runtime.do(OpenSocket(self.id, self.stream_id))
        try:
            await self._ws.prepare(self._request)
            await self._serve_messages()
        finally:
            unsubscribe()
            self._stop_watching()
            self._clear_outbox()
        return self._ws

    def send(self, item: Item) -> None:
        """Send an item after those that wait already."""
        self._outbox.put_nowait(item)
        self._runtime.deliver(self._outbox.join())

    async def stop(self) -> None:
        """Close the socket because the server stops, without waiting for the client's close frame."""
        self.send(CloseFrame(WSCloseCode.GOING_AWAY, "server is shutting down"))
        await self._outbox.join()
        self._abort()

    def _abort(self) -> None:
        if self._request.transport:
            self._request.transport.close()

    async def _serve_messages(self) -> None:
        writer = asyncio.create_task(self._write())
        try:
            await self._read()
            if self._closing:
                await self._closing
        finally:
            writer.cancel()

    async def _read(self) -> None:
        """Take the first message as the key. Later ones only show that the client is still there."""
        first = True
        async for message in self._ws:
            text = self.message_filter.on_receive(message.data.encode()) if message.type is WSMsgType.TEXT else None
            if first:
                first = False
                self._runtime.do(AuthenticateSocket(self.id, socket_key(_json(text))))

    def _on_event(self, event: Event) -> None:
        match event:
            case SocketAccepted(socket_id=self.id):
                self._accepted = True
            case SocketRejected(socket_id=self.id):
                self.send(_close_frame(event))
            case ResultReady(stream_id=self.stream_id) if self._accepted:
                self.send(json.dumps(encode.result(event.result)))
            case StreamEnded(stream_id=self.stream_id) if self._accepted:
                self.send(CloseFrame(WSCloseCode.GOING_AWAY, encode.close_reason(event.reason)))
            case _:
                pass

    async def _write(self) -> None:
        while True:
            item = await self._outbox.get()
            try:
                for carried in self.message_filter.on_send(item):
                    await self._write_one(carried)
            except ConnectionError:
                log.debug("a client left without a close frame")
            except Exception as error:  # noqa: BLE001 - join() on the outbox must not wait for ever
                self._runtime.record_failure(error)
            finally:
                self._outbox.task_done()

    async def _write_one(self, item: Item) -> None:
        if self._ws.closed:
            return
        if not isinstance(item, CloseFrame) and self._unread() > MAX_UNREAD_BYTES:
            item = CloseFrame(WSCloseCode.TRY_AGAIN_LATER, "results are not read")
        match item:
            case str():
                await self._ws.send_str(item)
            case bytes():
                await self._ws.send_bytes(item)
            case CloseFrame():
                await self._close(item)
            case Abort():
                self._stop_watching()
                self._abort()
            case Pause():
                pass

    async def _close(self, closing: CloseFrame) -> None:
        self._stop_watching()
        close = self._ws.close(code=closing.code, message=closing.reason.encode(), drain=False)
        self._closing = asyncio.create_task(close)
        # One turn of the loop writes the close frame; the client's own close frame is awaited elsewhere.
        await asyncio.sleep(0)

    def _stop_watching(self) -> None:
        """Count as closed from now on, and not only from the client's close frame on."""
        self._runtime.do(CloseSocket(self.id))

    def _unread(self) -> int:
        transport = self._request.transport
        return transport.get_write_buffer_size() if isinstance(transport, asyncio.WriteTransport) else 0

    def _clear_outbox(self) -> None:
        """Discard items that cannot be sent any more."""
        while not self._outbox.empty():
            self._outbox.get_nowait()
            self._outbox.task_done()


def _close_frame(event: SocketRejected) -> CloseFrame:
    if event.end_reason is not None:
        return CloseFrame(WSCloseCode.GOING_AWAY, encode.close_reason(event.end_reason))
    return CloseFrame(WSCloseCode.POLICY_VIOLATION, REJECTION_REASONS[event.rejection])


def _json(text: bytes | None) -> Any:
    try:
        return None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return None
