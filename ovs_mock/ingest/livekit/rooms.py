"""The rooms of a mock's LiveKit server: one for each running stream, named by its id."""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Protocol

from aiohttp.web import WebSocketResponse

from ovs_mock.engine.commands import PublisherJoined, PublisherLeft
from ovs_mock.engine.instants import micros
from ovs_mock.engine.settings import Settings
from ovs_mock.runtime.livekit_tokens import Grant, LiveKitTokens, TokenError
from ovs_mock.runtime.runtime import Runtime

if TYPE_CHECKING:
    from ovs_mock.ingest.livekit.codec import Join
    from ovs_mock.ingest.livekit.participant import Participant
    from ovs_mock.ingest.webrtc.connection import PeerConnection


class ConnectTo(Protocol):
    """Makes a connection that brings video into a stream; without ``publishes`` its video is discarded."""

    def __call__(
        self, stream_id: str, on_lost: Callable[[], None], *, controlling: bool = False, publishes: bool = True
    ) -> "PeerConnection": ...


class Rooms:
    """Admits clients by their tokens, and tells the runtime which publishers join and leave."""

    def __init__(self, runtime: Runtime, tokens: LiveKitTokens, settings: Settings, connect: ConnectTo) -> None:
        self._runtime = runtime
        self._tokens = tokens
        self._token_lifetime = micros(settings.publish_token_seconds)
        self._connect = connect
        self._participants: dict[tuple[str, str], Participant] = {}
        self._serving: set[asyncio.Task[None]] = set()
        self._numbers = count(1)
        self.on_publisher_connected: Callable[[str], None] = lambda room: None
        """Called with the name of a room when a participant who may publish is in it, and connected."""

    def admit(self, token: str) -> Grant:
        """The grant of a token for a room that exists; raises TokenError."""
        grant = self._tokens.verify(token, self._runtime.clock.now())
        if not self._is_open(grant.room):
            raise TokenError("the room does not exist: its stream has ended, or never was")
        return grant

    async def serve(self, grant: Grant, join: "Join", socket: WebSocketResponse, *, single_connection: bool) -> None:
        """Let a client in, and serve it until it leaves. Used after ``load_webrtc``."""
        from ovs_mock.ingest.livekit.participant import Participant
        from ovs_mock.ingest.livekit.session import SignallingSession

        session = SignallingSession(grant, join, self._new_id, single_connection=single_connection)
        connect = partial(self._connect, grant.room, publishes=grant.can_publish)
        callbacks = (self._on_left, self._on_connected)
        participant = Participant(grant, session, socket, self._runtime.clock, connect, *callbacks)
        if not join.reconnect:
            self._add(participant)
        if not self._is_open(grant.room):  # the stream has ended during the handshake
            await participant.kick("ROOM_DELETED")
        serving = asyncio.ensure_future(participant.serve())
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)
        try:
            await serving
        except Exception as error:  # noqa: BLE001 - a bug, of which the client only sees that its socket closes
            self._runtime.record_failure(error)

    def refresh(self, room: str, identity: str) -> None:
        """Send a fresh token."""
        participant = self._participants.get((room, identity))
        if participant:
            now = self._runtime.clock.now()
            token = self._tokens.issue(room, identity, can_publish=True, now=now, lifetime=self._token_lifetime)
            self._runtime.deliver(participant.refresh(token))

    @property
    def publishing(self) -> list[str]:
        """The room of each participant who may publish."""
        return [participant.grant.room for participant in self._participants.values() if participant.grant.can_publish]

    def kick_publishers(self, room: str, action: str) -> None:
        """Disconnect those who may publish, and tell them what to do: ``DISCONNECT``, ``RESUME`` or ``RECONNECT``."""
        for participant in self._publishers(room):
            self._runtime.deliver(participant.kick("SERVER_SHUTDOWN", action))

    def drop_publishers(self, room: str) -> None:
        """Drop the sockets of those who may publish, without a message."""
        for participant in self._publishers(room):
            participant.drop()

    def close_room(self, room: str) -> None:
        """Disconnect everybody in a room."""
        for participant in [p for p in self._participants.values() if p.grant.room == room]:
            participant.stop()
            self._runtime.deliver(participant.kick("ROOM_DELETED"))

    async def close(self) -> None:
        """Disconnect everybody in all rooms, and wait until their sockets are closed."""
        for participant in tuple(self._participants.values()):
            await participant.kick("SERVER_SHUTDOWN")
        if self._serving:
            await asyncio.wait(self._serving)

    def _publishers(self, room: str) -> "list[Participant]":
        return [p for p in self._participants.values() if p.grant.room == room and p.grant.can_publish]

    def _is_open(self, room: str) -> bool:
        stream = self._runtime.state.streams.get(room)
        return stream is not None and stream.running

    def _add(self, participant: "Participant") -> None:
        """A second client of the same identity replaces the first, and the stream does not notice."""
        grant = participant.grant
        earlier = self._participants.get((grant.room, grant.identity))
        self._participants[grant.room, grant.identity] = participant
        if earlier:
            self._runtime.deliver(earlier.kick("DUPLICATE_IDENTITY"))
        if grant.can_publish:
            self._runtime.do(PublisherJoined(grant.room, grant.identity, grant.expires_at))

    def _on_connected(self, participant: "Participant") -> None:
        if participant.grant.can_publish and participant in self._participants.values():
            self.on_publisher_connected(participant.grant.room)

    def _on_left(self, participant: "Participant") -> None:
        grant = participant.grant
        if self._participants.get((grant.room, grant.identity)) is participant:
            del self._participants[grant.room, grant.identity]
            if grant.can_publish:
                self._runtime.do(PublisherLeft(grant.room, grant.identity))

    def _new_id(self, tag: str) -> str:
        return f"{tag}_{next(self._numbers):012d}"
