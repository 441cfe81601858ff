"""Where real video comes in: the LiveKit server, and plain WebRTC offers."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from ovs_mock.engine.commands import TransportLost
from ovs_mock.engine.events import Event, StreamEnded, TokenExpiring
from ovs_mock.engine.settings import Settings
from ovs_mock.ingest.frame_sink import FrameSink
from ovs_mock.ingest.livekit.rooms import Rooms
from ovs_mock.ingest.livekit.socket import routes
from ovs_mock.ingest.webrtc.connection import PeerConnection
from ovs_mock.ingest.webrtc.pictures import DecodedCache
from ovs_mock.ingest.webrtc.transport import media_addresses, require_known_aiortc
from ovs_mock.runtime.livekit_tokens import LiveKitTokens
from ovs_mock.runtime.runtime import Runtime


class IngestGateway:
    """Takes video in on ``host``, which is also where its media sockets listen; ``0.0.0.0`` is every address."""

    def __init__(self, runtime: Runtime, tokens: LiveKitTokens, settings: Settings, host: str = "127.0.0.1") -> None:
        require_known_aiortc()
        self._runtime = runtime
        self._addresses = media_addresses(host)
        self._cache = DecodedCache()
        self.rooms = Rooms(runtime, tokens, settings, self._connect)
        self._connections: dict[str, PeerConnection] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._unsubscribe: Callable[[], None] | None = runtime.subscribe(self._listen)

    def routes(self) -> list[web.RouteDef]:
        """The LiveKit server's paths."""
        return routes(self.rooms)

    async def answer_offer(self, stream_id: str, sdp: str) -> str:
        """The SDP answer to a plain WebRTC offer, with all candidates; ValueError for an offer that cannot be used."""
        connection = self._connect(stream_id, lambda: self._lost(stream_id))
        self._connections[stream_id] = connection
        try:
            return await connection.answer(sdp, needs_video=True)
        except (ValueError, OSError):
            self._hang_up(stream_id)
            raise

    async def close(self) -> None:
        """Send every client away and free all sockets. Once is enough, and twice is no harm."""
        if self._unsubscribe:
            self._unsubscribe()
            self._unsubscribe = None
        await self.rooms.close()
        for stream_id in tuple(self._connections):
            self._hang_up(stream_id)
        if self._closing:
            await asyncio.wait(self._closing)

    def _connect(
        self, stream_id: str, lost: Callable[[], None], *, controlling: bool = False, publishes: bool = True
    ) -> PeerConnection:
        def new_pump() -> FrameSink:
            return FrameSink(self._runtime, stream_id, open_=publishes)

        return PeerConnection(self._addresses, new_pump, lost, self._cache, controlling=controlling)

    def _listen(self, event: Event) -> None:
        match event:
            case StreamEnded():
                self.rooms.close_room(event.stream_id)
                self._hang_up(event.stream_id)
            case TokenExpiring():
                self.rooms.refresh(event.stream_id, event.identity)
            case _:
                pass

    def _lost(self, stream_id: str) -> None:
        self._hang_up(stream_id)
        self._runtime.do(TransportLost(stream_id))

    def _hang_up(self, stream_id: str) -> None:
        connection = self._connections.pop(stream_id, None)
        if connection:
            connection.stop()
            task = asyncio.create_task(connection.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
