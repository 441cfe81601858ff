"""LiveKit's HTTP side: the signalling sockets of both protocol versions, and what clients ask when one fails."""

from collections.abc import Callable, Mapping

from aiohttp import web

from ovs_mock.ingest.livekit.codec import Join, decode_join, decode_query
from ovs_mock.ingest.livekit.rooms import Rooms
from ovs_mock.runtime.livekit_tokens import Grant, TokenError

# Seconds without a sign of life after which a socket is dropped.
HEARTBEAT = 15.0
# How long a client may take to agree that its socket is closed.
CLOSE_PATIENCE = 2.0


def routes(rooms: Rooms) -> list[web.RouteDef]:
    handlers = _Handlers(rooms)
    return [
        web.get("/rtc/v1", handlers.join_v1),
        web.get("/rtc", handlers.join_v0),
        web.get("/rtc/v1/validate", handlers.validate),
        web.get("/rtc/validate", handlers.validate),
        web.options("/rtc/v1/validate", handlers.preflight),
        web.options("/rtc/validate", handlers.preflight),
    ]


class _Handlers:
    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def join_v1(self, request: web.Request) -> web.StreamResponse:
        """One connection for both ways: the default of livekit 1.2.0 (Python) and livekit-client 2.23 (browsers)."""
        return await self._join(request, decode_join, single_connection=True)

    async def join_v0(self, request: web.Request) -> web.StreamResponse:
        """One connection to publish on, one to subscribe on."""
        return await self._join(request, decode_query, single_connection=False)

    async def validate(self, request: web.Request) -> web.Response:
        """Why a socket failed, which a browser cannot see by itself."""
        try:
            self._admit(request)
        except TokenError as error:
            return _refusal(request, error)
        return web.Response(text="success", headers=_cors(request))

    async def preflight(self, request: web.Request) -> web.Response:
        wanted = request.headers.get("Access-Control-Request-Headers", "")
        return web.Response(status=204, headers={**_cors(request), "Access-Control-Allow-Headers": wanted})

    async def _join(
        self, request: web.Request, decode: Callable[[Mapping[str, str]], Join], *, single_connection: bool
    ) -> web.StreamResponse:
        try:
            grant, join = self._admit(request), decode(request.query)
        except TokenError as error:
            return _refusal(request, error)
        except ValueError as error:
            return web.Response(status=400, text=str(error), headers=_cors(request))
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, timeout=CLOSE_PATIENCE)
        await socket.prepare(request)
        await self._rooms.serve(grant, join, socket, single_connection=single_connection)
        return socket

    def _admit(self, request: web.Request) -> Grant:
        return self._rooms.admit(_token(request))


def _token(request: web.Request) -> str:
    """Native clients send a header; browsers, whose sockets have none, a parameter."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return request.query.get("access_token", "")


def _refusal(request: web.Request, error: TokenError) -> web.Response:
    """Always 401, also for a room that is gone: on 404 native clients go on to try the other protocol version."""
    return web.Response(status=401, text=str(error), headers=_cors(request))


def _cors(request: web.Request) -> dict[str, str]:
    origin = request.headers.get("Origin")
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin else {}
