"""A client in a room: its socket, its connections, and the session that says what goes between them."""

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
    """Makes a connection for the participant; ``lost`` is called if it breaks."""

    def __call__(self, lost: Callable[[], None], *, controlling: bool = False) -> PeerConnection: ...


class Participant:
    """``gone`` is called as soon as the participant counts as having left, and perhaps again; ``greeted`` when it is
    in the room and connected.
    """

    def __init__(
        self,
        grant: Grant,
        session: SignallingSession,
        signalling: WebSocketResponse,
        clock: Clock,
        connect: Connect,
        gone: Callable[["Participant"], None],
        greeted: Callable[["Participant"], None] = lambda _: None,
    ) -> None:
        self.grant = grant
        self._session = session
        self._socket = signalling
        self._clock = clock
        self._gone = gone
        self._greeted = greeted
        self._new_connection = connect
        self._publisher = self._connect()
        self._subscriber: PeerConnection | None = None
        self._closing: asyncio.Task[bool] | None = None

    async def serve(self) -> None:
        """Talk with the client until it leaves, is told to, or is lost."""
        try:
            await self._perform(self._session.start(self._clock.now()))
            async for message in self._socket:
                if message.type is WSMsgType.BINARY:
                    request = decode_request(message.data)
                    await self._perform(self._session.receive(request, self._clock.now()))
        except ValueError as error:
            log.warning("the LiveKit client %r sent what cannot be used: %s", self.grant.identity, error)
            await self.dismiss(models.STATE_MISMATCH)
        finally:
            self._leave()
            await self._close()

    async def refresh(self, token: str) -> None:
        """Hand out a token to come back with."""
        await self._perform(self._session.refresh(token))

    async def dismiss(self, reason: models.DisconnectReason) -> None:
        """Tell the client that it is out. Its frames stop counting now; its connections are closed soon."""
        self.stop()
        await self._perform(self._session.end(reason, rtc.LeaveRequest.DISCONNECT))

    async def send_away(self, action: rtc.LeaveRequest.Action) -> None:
        """Tell the client that it is out, and what to do."""
        self.stop()
        await self._perform(self._session.end(models.SERVER_SHUTDOWN, action))

    def drop(self) -> None:
        """Lose the socket, without a word."""
        if raw := self._socket.get_extra_info("socket"):
            raw.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """Bring no more frames, from now on."""
        self._publisher.stop()

    async def _perform(self, outputs: list[Output]) -> None:
        for output in outputs:
            await self._perform(await self._carry_out(output))

    async def _carry_out(self, output: Output) -> list[Output]:  # noqa: C901 - one row an effect
        """Do one thing; what the session makes of it."""
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
                self.hang_up()
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
        connection = self._new_connection(self._lost, controlling=controlling)
        connection.connected = lambda: self._greeted(self)
        return connection

    def _lost(self) -> None:
        """Media can come no more. Without its socket the client notices, and joins anew if it is still there."""
        self._leave()
        self.hang_up()

    def _leave(self) -> None:
        self.stop()
        self._gone(self)

    def hang_up(self) -> None:
        """Close the socket, which ends ``serve``; whoever calls does not wait for the client to agree."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._socket.close())

    async def _close(self) -> None:
        """Connections go after the socket: a client that has heard why calls nothing an error."""
        self.hang_up()
        if self._closing:
            await asyncio.wait([self._closing])
        await self._publisher.close()
        if self._subscriber:
            await self._subscriber.close()
