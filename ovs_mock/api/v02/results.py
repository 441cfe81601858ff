"""The result socket: the key first, then results until somebody ends it.

The handshake always succeeds, as browsers can neither send a header nor see why a handshake was refused.
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

# Writes never wait for a slow reader, so that moving the clock cannot hang on one; this much it may owe.
MAX_UNREAD_BYTES = 32 * 1024 * 1024

REFUSALS = {
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
        self.id = runtime.engine.state.ids.tagged("ws")
        self._ws = web.WebSocketResponse(compress=False, writer_limit=sys.maxsize)
        self.message_filter = message_filter_of(request)
        self._outbox: asyncio.Queue[Item] = asyncio.Queue()
        self._closing: asyncio.Task[bool] | None = None
        self._accepted = False

    @property
    def watching(self) -> bool:
        """Whether it gets results: its key was good, and nobody has begun to close it."""
        return self._accepted and self._closing is None and not self._ws.closed

    async def serve(self) -> web.WebSocketResponse:
        """Stay with the client until its socket is closed."""
        # Before the upgrade is answered: what happens in between must not be lost.
        unsubscribe = self._runtime.subscribe(self._on_event)
        self._runtime.do(OpenSocket(self.id, self.stream_id))
        try:
            await self._ws.prepare(self._request)
            await self._converse()
        finally:
            unsubscribe()
            self._watch_no_more()
            self._abandon_outbox()
        return self._ws

    def send(self, item: Item) -> None:
        """Send this behind what is on its way already."""
        self._outbox.put_nowait(item)
        self._runtime.deliver(self._outbox.join())

    async def stop(self) -> None:
        """The server ends: say so, and do not wait for an answer."""
        self.send(CloseFrame(WSCloseCode.GOING_AWAY, "server is shutting down"))
        await self._outbox.join()
        self._drop()

    def _drop(self) -> None:
        if self._request.transport:
            self._request.transport.close()

    async def _converse(self) -> None:
        writer = asyncio.create_task(self._write())
        try:
            await self._read()
            if self._closing:
                await self._closing
        finally:
            writer.cancel()

    async def _read(self) -> None:
        """Take the first message as the key; later ones say nothing, but reading notices that the client leaves."""
        first = True
        async for message in self._ws:
            said = self.message_filter.on_receive(message.data.encode()) if message.type is WSMsgType.TEXT else None
            if first:
                first = False
                self._runtime.do(AuthenticateSocket(self.id, socket_key(_json(said))))

    def _on_event(self, event: Event) -> None:
        match event:
            case SocketAccepted(socket_id=self.id):
                self._accepted = True
            case SocketRejected(socket_id=self.id):
                self.send(_refusal(event))
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
                log.debug("a client left without a word")
            except Exception as error:  # noqa: BLE001 - whoever waits for the outbox must not wait for ever
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
                self._watch_no_more()
                self._drop()
            case Pause():
                pass

    async def _close(self, closing: CloseFrame) -> None:
        self._watch_no_more()
        close = self._ws.close(code=closing.code, message=closing.reason.encode(), drain=False)
        self._closing = asyncio.create_task(close)
        # One turn of the loop writes the close frame; the client's answer to it is not waited for here.
        await asyncio.sleep(0)

    def _watch_no_more(self) -> None:
        """From when it is closed here, and not from when the client has answered that."""
        self._runtime.do(CloseSocket(self.id))

    def _unread(self) -> int:
        transport = self._request.transport
        return transport.get_write_buffer_size() if isinstance(transport, asyncio.WriteTransport) else 0

    def _abandon_outbox(self) -> None:
        """Nobody is there any more to deliver to."""
        while not self._outbox.empty():
            self._outbox.get_nowait()
            self._outbox.task_done()


def _refusal(event: SocketRejected) -> CloseFrame:
    if event.end_reason is not None:
        return CloseFrame(WSCloseCode.GOING_AWAY, encode.close_reason(event.end_reason))
    return CloseFrame(WSCloseCode.POLICY_VIOLATION, REFUSALS[event.rejection])


def _json(said: bytes | None) -> Any:
    try:
        return None if said is None else json.loads(said)
    except (ValueError, RecursionError):
        return None
