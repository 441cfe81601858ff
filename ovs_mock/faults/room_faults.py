"""LiveKit rooms that go wrong."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from aiohttp import web
from aiohttp.typedefs import Handler

from ovs_mock.api.auth import bearer_key
from ovs_mock.faults.broken_responses import LostResponse
from ovs_mock.faults.fault import FaultAction, Matcher
from ovs_mock.faults.registry import FaultContext, FaultRegistry, ImmediateAction
from ovs_mock.runtime.alarms import Callback
from ovs_mock.runtime.livekit_tokens import unverified_room

ROOMS = "/rtc"
Action = Literal["disconnect", "resume", "reconnect"]


@dataclass(frozen=True, slots=True)
class JoinAction(FaultAction):
    """What happens to a client that wants to come in."""


class RejectToken(JoinAction):
    """Its token is not good."""

    def __str__(self) -> str:
        return "token refused"


@dataclass(frozen=True, slots=True)
class IgnoreJoin(JoinAction):
    """Nobody answers: behind the handshake, or not even to that."""

    handshake: bool = False

    def __str__(self) -> str:
        return "no answer to the handshake" if self.handshake else "no answer"


@dataclass(frozen=True, slots=True)
class RoomAction(ImmediateAction):
    """What happens to a publisher who is there."""

    def targets(self, stage: FaultContext, aim: Matcher) -> Iterable[str]:
        return [room for room in stage.media.rooms.publishing if aim.meets(room)]


@dataclass(frozen=True, slots=True)
class KickPublisher(RoomAction):
    """It is sent away, and told what to do."""

    action: Action = "disconnect"

    def __str__(self) -> str:
        return f"leave, {self.action}"

    def act(self, stage: FaultContext, target: Any) -> Callback | None:
        stage.media.rooms.kick_publishers(target, self.action.upper())
        return None


class CloseSignalling(RoomAction):
    """It loses its socket."""

    def __str__(self) -> str:
        return "signalling dropped"

    def act(self, stage: FaultContext, target: Any) -> Callback | None:
        stage.media.rooms.drop_publishers(target)
        return None


class DropFrames(FaultAction):
    """A frame does not get there."""

    lasting: ClassVar[bool] = True

    def __str__(self) -> str:
        return "frames lost"


class JoinInterceptor:
    """Meets who wants to come in."""

    def __init__(self, board: FaultRegistry) -> None:
        self._board = board
        self._refused: set[str] = set()
        board.stage.media.rooms.on_publisher_connected = lambda room: board.arrived(RoomAction, room, room)
        board.stage.runtime.accepts_frames = lambda stream_id: board.take(DropFrames, stream_id) is None

    async def admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """What becomes of a request of a LiveKit client."""
        room = unverified_room(
            request.query.get("access_token") or bearer_key(request.headers.get("Authorization")) or ""
        )
        if request.headers.get("Upgrade", "").lower() != "websocket":
            # Clients whose socket was refused ask why.
            return _refusal() if room in self._refused else await handler(request)
        self._refused.discard(room)
        match self._board.take(JoinAction, room):
            case RejectToken():
                self._refused.add(room)
                return _refusal()
            case IgnoreJoin(handshake=True):
                await self._board.wait(None)
                return LostResponse(status=499)
            case IgnoreJoin():
                return await self._say_nothing(request)
            case _:
                return await handler(request)

    async def _say_nothing(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        waits = [asyncio.ensure_future(_hear(socket)), asyncio.ensure_future(self._board.wait(None))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return socket


async def _hear(socket: web.WebSocketResponse) -> None:
    async for _ in socket:
        pass


def _refusal() -> web.Response:
    return web.Response(status=401, text="the token is not one of this server's: a fault of the test")
