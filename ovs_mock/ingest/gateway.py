"""Where real video comes in: the LiveKit server, and plain WebRTC offers."""

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from aiohttp import web

from ovs_mock.engine.commands import TransportLost
from ovs_mock.engine.events import Event, StreamEnded, TokenExpiring
from ovs_mock.engine.settings import Settings
from ovs_mock.ingest.frame_sink import FrameSink
from ovs_mock.ingest.livekit.handlers import LiveKitHandlers
from ovs_mock.ingest.livekit.rooms import Rooms
from ovs_mock.ingest.loading import MISSING, load_webrtc, takes_video
from ovs_mock.runtime.livekit_tokens import LiveKitTokens
from ovs_mock.runtime.runtime import Runtime

if TYPE_CHECKING:
    from ovs_mock.ingest.webrtc.connection import PeerConnection, PeerConnections


class IngestGateway:
    """Receives video on ``host``, where its media sockets listen too; ``0.0.0.0`` is every address."""

    def __init__(self, runtime: Runtime, tokens: LiveKitTokens, settings: Settings, host: str = "127.0.0.1") -> None:
        self._runtime = runtime
        self._host = host
        self.rooms = Rooms(runtime, tokens, settings, self._connect)
        self._connections: dict[str, PeerConnection] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._unsubscribe: Callable[[], None] | None = runtime.subscribe(self._on_event)

    def routes(self) -> list[web.RouteDef]:
        """Everything under ``/rtc``, where LiveKit clients connect."""
        return LiveKitHandlers(lambda _: self.rooms).routes()

    async def answer_offer(self, stream_id: str, sdp: str) -> str:
        """The SDP answer to a plain WebRTC offer, with all candidates; ValueError for an offer that cannot be used."""
        if not takes_video():
            raise ValueError(MISSING)
        await load_webrtc()
        connection = self._connect(stream_id, lambda: self._on_lost(stream_id))
        self._connections[stream_id] = connection
        try:
            return await connection.answer(sdp, needs_video=True)
        except (ValueError, OSError):
            self._disconnect(stream_id)
            raise

    async def close(self) -> None:
        """Disconnect every client and close all sockets. Does nothing when that is done."""
        if self._unsubscribe:
            self._unsubscribe()
            self._unsubscribe = None
        await self.rooms.close()
        for stream_id in tuple(self._connections):
            self._disconnect(stream_id)
        if self._closing:
            await asyncio.wait(self._closing)

    @cached_property
    def _peers(self) -> "PeerConnections":
        """Used after ``load_webrtc``."""
        from ovs_mock.ingest.webrtc.connection import PeerConnections

        return PeerConnections(self._host)

    def _connect(
        self, stream_id: str, on_lost: Callable[[], None], *, controlling: bool = False, publishes: bool = True
    ) -> "PeerConnection":
        def new_sink() -> FrameSink:
            return FrameSink(self._runtime, stream_id, open_=publishes)

        return self._peers.connect(new_sink, on_lost, controlling=controlling)

    def _on_event(self, event: Event) -> None:
        match event:
            case StreamEnded():
                self.rooms.close_room(event.stream_id)
                self._disconnect(event.stream_id)
            case TokenExpiring():
                self.rooms.refresh(event.stream_id, event.identity)
            case _:
                pass

    def _on_lost(self, stream_id: str) -> None:
        self._disconnect(stream_id)
        self._runtime.do(TransportLost(stream_id))

    def _disconnect(self, stream_id: str) -> None:
        connection = self._connections.pop(stream_id, None)
        if connection:
            connection.stop()
            task = asyncio.create_task(connection.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
