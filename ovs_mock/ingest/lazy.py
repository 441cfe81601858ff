"""The way in for video, put together when the first client wants it.

Its libraries take a third of a second to import, and most tests publish nothing.
"""

import asyncio
import importlib.util
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.typedefs import Handler

from ovs_mock.engine.settings import Settings
from ovs_mock.runtime.livekit_tokens import LiveKitTokens
from ovs_mock.runtime.runtime import Runtime

if TYPE_CHECKING:
    from ovs_mock.ingest.gateway import IngestGateway
    from ovs_mock.ingest.livekit.rooms import Rooms

# What the media extra brings.
MODULES = ("aiortc", "av", "numpy", "livekit.protocol")
MISSING = "this mock takes no video: pip install 'ovs-mock[media]'"


class LazyGateway:
    """A Gateway that is made on first use; without the media extra every use says what to install."""

    def __init__(self, runtime: Runtime, tokens: LiveKitTokens, settings: Settings, host: str) -> None:
        self._runtime = runtime
        self._tokens = tokens
        self._settings = settings
        self._host = host
        self._making = asyncio.Lock()
        self._gateway: IngestGateway | None = None
        self._handlers: dict[tuple[str, str], Handler] = {}
        self._greeted: Callable[[str], None] | None = None

    def routes(self) -> list[web.RouteDef]:
        """Everything under ``/rtc``, where LiveKit clients connect."""
        return [web.route("*", "/rtc{rest:(/.*)?}", self._handle)]

    async def answer_offer(self, stream_id: str, sdp: str) -> str:
        """The SDP answer to a plain WebRTC offer; ValueError for one that cannot be used."""
        if first_missing(*MODULES):
            raise ValueError(MISSING)
        return await (await self.ready()).answer_offer(stream_id, sdp)

    async def ready(self) -> "IngestGateway":
        """The gateway. Other work goes on while its libraries are imported."""
        async with self._making:
            if self._gateway is None:
                await asyncio.to_thread(import_module, "ovs_mock.ingest.gateway")
                from ovs_mock.ingest.gateway import IngestGateway

                self._gateway = IngestGateway(self._runtime, self._tokens, self._settings, self._host)
                if self._greeted:
                    self._gateway.rooms.greeted = self._greeted
                self._handlers = {(route.method, route.path): route.handler for route in self._gateway.routes()}
            return self._gateway

    @property
    def rooms(self) -> "Rooms | None":
        """The LiveKit server's rooms; ``None`` as long as nobody has come."""
        return self._gateway.rooms if self._gateway else None

    def on_greeted(self, greeted: Callable[[str], None]) -> None:
        """Be told of each publisher that has come into a room, by the room's name."""
        self._greeted = greeted
        if self._gateway:
            self._gateway.rooms.greeted = greeted

    async def close(self) -> None:
        if self._gateway:
            await self._gateway.close()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if self._gateway is None and first_missing(*MODULES):
            return web.Response(status=503, text=MISSING)
        await self.ready()
        handler = self._handlers.get((request.method, request.path))
        if handler is None:
            return web.Response(status=404, text="no such path of the LiveKit server")
        return await handler(request)


def first_missing(*modules: str) -> str | None:
    """The first of the modules that is not installed."""
    return next((name for name in modules if not _installed(name)), None)


def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
