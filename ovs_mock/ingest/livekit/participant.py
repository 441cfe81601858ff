"""A client in a room: its socket, its connections, and the session that decides what is sent."""

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Protocol, assert_never

from aiohttp import WSMsgType
from aiohttp.web import WebSocketResponse
from livekit.protocol import models, rtc

from ovs_mock.ingest.livekit.actions import AcceptAnswer, AddCandidate, AnswerOffer, Finish, MakeOffer, Output, Send
from ovs_mock.ingest.livekit.codec import decode_request
from ovs_mock.ingest.livekit.session import SignallingSession
from ovs_mock.ingest.webrtc.connection import PeerConnection
from ovs_mock.runtime.clock import Clock
from ovs_mock.runtime.livekit_tokens import Grant

log = logging.getLogger("ovs_mock.ingest")


class Connect(Protocol):
    """Makes a connection for the participant; ``on_lost`` is called if it breaks."""

    def __call__(self, on_lost: Callable[[], None], *, controlling: bool = False) -> PeerConnection: ...


class Participant:
    """Serves one client.

    ``on_left`` is called as soon as the participant counts as having left, and perhaps again; ``on_connected`` when it
    is in the room and media can come.
    """

    def __init__(
        self,
        grant: Grant,
        session: SignallingSession,
        signalling: WebSocketResponse,
        clock: Clock,
        connect: Connect,
        on_left: Callable[["Participant"], None],
        on_connected: Callable[["Participant"], None] = lambda participant: None,
    ) -> None:
        self.grant = grant
        self._session = session
        self._socket = signalling
        self._clock = clock
        self._on_left = on_left
        self._on_connected = on_connected
        self._new_connection = connect
        self._publisher = self._connect()
        self._subscriber: PeerConnection | None = None
        self._closing: asyncio.Task[bool] | None = None

    async def serve(self) -> None:
        """Exchange messages with the client until it leaves, is disconnected, or is lost."""
        try:
            await self._perform(self._session.start(self._clock.now()))
            async for message in self._socket:
                if message.type is WSMsgType.BINARY:
                    request = decode_request(message.data)
                    await self._perform(self._session.receive(request, self._clock.now()))
        except ValueError as error:
            log.warning("the LiveKit client %r sent what cannot be used: %s", self.grant.identity, error)
            await self.kick("STATE_MISMATCH")
        finally:
            self._leave()
            await self._close()

    async def refresh(self, token: str) -> None:
        """Send a token that the client can reconnect with."""
        await self._perform(self._session.refresh(token))

    async def kick(self, reason: str, action: str = "DISCONNECT") -> None:
        """Tell the client that it is disconnected, LiveKit's reason, and what to do.

        Its frames stop counting now; its connections are closed soon.
        """
        self.stop()
        await self._perform(self._session.end(getattr(models, reason), getattr(rtc.LeaveRequest, action)))

    def drop(self) -> None:
        """Drop the socket, without a message."""
        if raw := self._socket.get_extra_info("socket"):
            raw.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """Discard all frames from now on."""
        self._publisher.stop()

    async def _perform(self, outputs: list[Output]) -> None:
        for output in outputs:
            await self._perform(await self._execute(output))

    async def _execute(self, output: Output) -> list[Output]:  # noqa: C901 - one row an effect
        """Carry out one output; the outputs that follow from it."""
        match output:
            case Send():
                await self._send(output.message)
            case AnswerOffer():
                return self._session.answered(await self._publisher.answer(output.sdp), output.id)
            case MakeOffer():
                self._subscriber = self._connect(controlling=True)
                return self._session.offered(await self._subscriber.offer())
            case AcceptAnswer():
                if self._subscriber:
                    await self._subscriber.accept(output.sdp)
            case AddCandidate():
                connection = self._subscriber if output.to_subscriber else self._publisher
                if connection:
                    await connection.add_candidate(output.candidate)
            case Finish():
                self._leave()
                self.close_socket()
            case _:
                assert_never(output)
        return []

    async def _send(self, message: rtc.SignalResponse) -> None:
        if self._socket.closed:
            return
        try:
            await self._socket.send_bytes(message.SerializeToString())
        except ConnectionError:
            log.info("the LiveKit client %r is gone", self.grant.identity)

    def _connect(self, *, controlling: bool = False) -> PeerConnection:
        connection = self._new_connection(self._on_lost, controlling=controlling)
        connection.on_connected = lambda: self._on_connected(self)
        return connection

    def _on_lost(self) -> None:
        """No media can come any more. Closing the socket makes a client that still exists notice, and join anew."""
        self._leave()
        self.close_socket()

    def _leave(self) -> None:
        self.stop()
        self._on_left(self)

    def close_socket(self) -> None:
        """Start to close the socket, which ends ``serve``, without waiting for the client to confirm."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._socket.close())

    async def _close(self) -> None:
        """Close the connections after the socket, so that the client reads the reason first and reports no error."""
        self.close_socket()
        if self._closing:
            await asyncio.wait([self._closing])
        await self._publisher.close()
        if self._subscriber:
            await self._subscriber.close()
