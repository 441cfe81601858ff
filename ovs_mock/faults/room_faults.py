"""Actions on LiveKit rooms."""

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

LeaveAction = Literal["disconnect", "resume", "reconnect"]


@dataclass(frozen=True, slots=True)
class JoinAction(FaultAction):
    """An action on a client that joins a room."""


class RejectToken(JoinAction):
    """Refuses the client's token with 401."""

    def __str__(self) -> str:
        return "token refused"


@dataclass(frozen=True, slots=True)
class IgnoreJoin(JoinAction):
    """Sends nothing after the handshake, or does not even answer the handshake."""

    handshake: bool = False

    def __str__(self) -> str:
        return "no answer to the handshake" if self.handshake else "no answer"


@dataclass(frozen=True, slots=True)
class RoomAction(ImmediateAction):
    """An action on a publisher in a room."""

    def targets(self, context: FaultContext, matcher: Matcher) -> Iterable[str]:
        return [room for room in context.media.rooms.publishing if matcher.matches(room)]


@dataclass(frozen=True, slots=True)
class KickPublisher(RoomAction):
    """Sends the publisher a leave request, with what its SDK is to do next."""

    action: LeaveAction = "disconnect"

    def __str__(self) -> str:
        return f"leave, {self.action}"

    def apply(self, context: FaultContext, target: Any) -> Callback | None:
        context.media.rooms.kick_publishers(target, self.action.upper())
        return None


class CloseSignalling(RoomAction):
    """Closes the publisher's signalling socket."""

    def __str__(self) -> str:
        return "signalling dropped"

    def apply(self, context: FaultContext, target: Any) -> Callback | None:
        context.media.rooms.drop_publishers(target)
        return None


class DropFrames(FaultAction):
    """Drops a frame."""

    unlimited: ClassVar[bool] = True

    def __str__(self) -> str:
        return "frames lost"


class JoinInterceptor:
    """Applies faults to clients that join rooms, and drops frames."""

    def __init__(self, registry: FaultRegistry) -> None:
        self._registry = registry
        self._refused: set[str] = set()
        registry.context.media.rooms.on_publisher_connected = lambda room: registry.apply_to_new(RoomAction, room, room)
        registry.context.runtime.accepts_frames = lambda stream_id: registry.fire_first(DropFrames, stream_id) is None

    async def respond(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Return the response to a request of a LiveKit client."""
        room = unverified_room(
            request.query.get("access_token") or bearer_key(request.headers.get("Authorization")) or ""
        )
        if request.headers.get("Upgrade", "").lower() != "websocket":
            # A client whose socket was refused then requests /rtc/validate for the reason.
            return _refusal() if room in self._refused else await handler(request)
        self._refused.discard(room)
        match self._registry.fire_first(JoinAction, room):
            case RejectToken():
                self._refused.add(room)
                return _refusal()
            case IgnoreJoin(handshake=True):
                await self._registry.wait(None)
                return LostResponse(status=499)
            case IgnoreJoin():
                return await self._stay_silent(request)
            case _:
                return await handler(request)

    async def _stay_silent(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        waits = [asyncio.ensure_future(_receive(socket)), asyncio.ensure_future(self._registry.wait(None))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return socket


async def _receive(socket: web.WebSocketResponse) -> None:
    async for _ in socket:
        pass


def _refusal() -> web.Response:
    return web.Response(status=401, text="the token is not one of this server's: a fault of the test")
