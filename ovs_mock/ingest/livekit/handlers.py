"""LiveKit over HTTP: the signalling sockets of both protocol versions, and the requests of clients whose socket failed.

Needs no library of real video until a client opens a socket.
"""

from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from ovs_mock.ingest.livekit.rooms import Rooms
from ovs_mock.ingest.loading import MISSING, load_webrtc, takes_video
from ovs_mock.runtime.livekit_tokens import TokenError

# Seconds without a message or pong after which a socket is dropped.
HEARTBEAT = 15.0
# Seconds that a client may take to confirm that its socket is closed.
CLOSE_TIMEOUT = 2.0


class LiveKitHandlers:
    """Handles everything under ``/rtc``."""

    def __init__(self, rooms_of: Callable[[web.Request], Rooms]) -> None:
        self._rooms_of = rooms_of

    def routes(self) -> list[web.RouteDef]:
        """The LiveKit server's paths, and 404 for all others below them."""
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "/rtc/v1", self._join_v1),
            ("GET", "/rtc", self._join_v0),
            ("GET", "/rtc/v1/validate", self._validate),
            ("GET", "/rtc/validate", self._validate),
            ("OPTIONS", "/rtc/v1/validate", self._preflight),
            ("OPTIONS", "/rtc/validate", self._preflight),
            ("*", "/rtc{rest:(/.*)?}", self._not_found),
        ]
        return [web.route(method, path, _with_video(handler)) for method, path, handler in routes]

    async def _join_v1(self, request: web.Request) -> web.StreamResponse:
        """One connection for both ways: the default of livekit 1.2.0 (Python) and livekit-client 2.23 (browsers)."""
        return await self._join(request, single_connection=True)

    async def _join_v0(self, request: web.Request) -> web.StreamResponse:
        """One connection to publish on, one to subscribe on."""
        return await self._join(request, single_connection=False)

    async def _validate(self, request: web.Request) -> web.Response:
        """Why a socket failed, which a browser cannot see by itself."""
        try:
            self._rooms_of(request).admit(_token(request))
        except TokenError as error:
            return _unauthorized(request, error)
        return web.Response(text="success", headers=_cors(request))

    async def _preflight(self, request: web.Request) -> web.Response:
        headers = request.headers.get("Access-Control-Request-Headers", "")
        return web.Response(status=204, headers={**_cors(request), "Access-Control-Allow-Headers": headers})

    async def _not_found(self, request: web.Request) -> web.Response:
        return web.Response(status=404, text="no such path of the LiveKit server")

    async def _join(self, request: web.Request, *, single_connection: bool) -> web.StreamResponse:
        await load_webrtc()
        from ovs_mock.ingest.livekit.codec import decode_join, decode_query

        decode = decode_join if single_connection else decode_query
        try:
            grant, join = self._rooms_of(request).admit(_token(request)), decode(request.query)
        except TokenError as error:
            return _unauthorized(request, error)
        except ValueError as error:
            return web.Response(status=400, text=str(error), headers=_cors(request))
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, timeout=CLOSE_TIMEOUT)
        await socket.prepare(request)
        await self._rooms_of(request).serve(grant, join, socket, single_connection=single_connection)
        return socket


def _with_video(handler: Handler) -> Handler:
    """The handler, or 503 without the extra ``media``."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return await handler(request) if takes_video() else web.Response(status=503, text=MISSING)

    return handle


def _token(request: web.Request) -> str:
    """Native clients send a header; browsers, whose sockets have none, a parameter."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return request.query.get("access_token", "")


def _unauthorized(request: web.Request, error: TokenError) -> web.Response:
    """Always 401, also for a room that is gone: after 404 native clients try the other protocol version."""
    return web.Response(status=401, text=str(error), headers=_cors(request))


def _cors(request: web.Request) -> dict[str, str]:
    origin = request.headers.get("Origin")
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin else {}
