"""The rooms of a mock's LiveKit server: one for each running stream, named by its id."""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Protocol

from aiohttp.web import WebSocketResponse
from livekit.protocol import models, rtc

from ovs_mock.engine.commands import PublisherJoined, PublisherLeft
from ovs_mock.engine.instants import micros
from ovs_mock.engine.settings import Settings
from ovs_mock.ingest.livekit.codec import Join
from ovs_mock.ingest.livekit.participant import Participant
from ovs_mock.ingest.livekit.session import SignallingSession
from ovs_mock.ingest.webrtc.connection import PeerConnection
from ovs_mock.runtime.livekit_tokens import Grant, LiveKitTokens, TokenError
from ovs_mock.runtime.runtime import Runtime

ACTIONS = {
    "DISCONNECT": rtc.LeaveRequest.DISCONNECT,
    "RESUME": rtc.LeaveRequest.RESUME,
    "RECONNECT": rtc.LeaveRequest.RECONNECT,
}


class ConnectTo(Protocol):
    """Makes a connection that brings video into a stream, or only pretends to."""

    def __call__(
        self, stream_id: str, lost: Callable[[], None], *, controlling: bool = False, publishes: bool = True
    ) -> PeerConnection: ...


class Rooms:
    """``connect`` makes a connection into a stream."""

    def __init__(self, runtime: Runtime, tokens: LiveKitTokens, settings: Settings, connect: ConnectTo) -> None:
        self._runtime = runtime
        self._tokens = tokens
        self._token_lifetime = micros(settings.publish_token_seconds)
        self._connect = connect
        self._present: dict[tuple[str, str], Participant] = {}
        self._serving: set[asyncio.Task[None]] = set()
        self._numbers = count(1)
        self.greeted: Callable[[str], None] = lambda _: None
        """Called with the name of a room when somebody who may publish is in it, and connected."""

    def admit(self, token: str) -> Grant:
        """The grant of a token for a room that there is; raises TokenError."""
        grant = self._tokens.verify(token, self._runtime.clock.now())
        if not self._is_open(grant.room):
            raise TokenError("the room does not exist: its stream has ended, or never was")
        return grant

    async def serve(self, grant: Grant, join: Join, socket: WebSocketResponse, *, single_connection: bool) -> None:
        """Let a client in, and be there for it until it leaves."""
        session = SignallingSession(grant, join, self._new_id, single_connection=single_connection)
        connect = partial(self._connect, grant.room, publishes=grant.can_publish)
        participant = Participant(grant, session, socket, self._runtime.clock, connect, self._left, self._in)
        if not join.reconnect:
            self._join(participant)
        if not self._is_open(grant.room):  # the stream has ended during the handshake
            await participant.dismiss(models.ROOM_DELETED)
        serving = asyncio.ensure_future(participant.serve())
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)
        try:
            await serving
        except Exception as error:  # noqa: BLE001 - a bug, of which the client only sees that its socket closes
            self._runtime.record_failure(error)

    def refresh(self, room: str, identity: str) -> None:
        """Send a fresh token."""
        participant = self._present.get((room, identity))
        if participant:
            now = self._runtime.clock.now()
            token = self._tokens.issue(room, identity, can_publish=True, now=now, lifetime=self._token_lifetime)
            self._runtime.deliver(participant.refresh(token))

    @property
    def publishing(self) -> list[str]:
        """The rooms with somebody in them who may publish, one name for each."""
        return [participant.grant.room for participant in self._present.values() if participant.grant.can_publish]

    def send_away(self, room: str, action: str) -> None:
        """Send out who may publish, and tell them to do this: ``DISCONNECT``, ``RESUME`` or ``RECONNECT``."""
        wanted = ACTIONS[action]
        for participant in self._publishers(room):
            self._runtime.deliver(participant.send_away(wanted))

    def drop(self, room: str) -> None:
        """Let who may publish lose their sockets."""
        for participant in self._publishers(room):
            participant.drop()

    def _publishers(self, room: str) -> list[Participant]:
        return [p for p in self._present.values() if p.grant.room == room and p.grant.can_publish]

    def close_room(self, room: str) -> None:
        """Send everybody out."""
        for participant in [p for p in self._present.values() if p.grant.room == room]:
            participant.stop()
            self._runtime.deliver(participant.dismiss(models.ROOM_DELETED))

    async def close(self) -> None:
        """Send everybody out of all rooms, and wait until they are."""
        for participant in tuple(self._present.values()):
            await participant.dismiss(models.SERVER_SHUTDOWN)
        if self._serving:
            await asyncio.wait(self._serving)

    def _is_open(self, room: str) -> bool:
        stream = self._runtime.engine.state.streams.get(room)
        return stream is not None and stream.running

    def _join(self, participant: Participant) -> None:
        """A second client of the same identity takes the place of the first, and the stream does not notice."""
        grant = participant.grant
        earlier = self._present.get((grant.room, grant.identity))
        self._present[grant.room, grant.identity] = participant
        if earlier:
            self._runtime.deliver(earlier.dismiss(models.DUPLICATE_IDENTITY))
        if grant.can_publish:
            self._runtime.do(PublisherJoined(grant.room, grant.identity, grant.expires_at))

    def _in(self, participant: Participant) -> None:
        if participant.grant.can_publish and participant in self._present.values():
            self.greeted(participant.grant.room)

    def _left(self, participant: Participant) -> None:
        grant = participant.grant
        if self._present.get((grant.room, grant.identity)) is participant:
            del self._present[grant.room, grant.identity]
            if grant.can_publish:
                self._runtime.do(PublisherLeft(grant.room, grant.identity))

    def _new_id(self, tag: str) -> str:
        return f"{tag}_{next(self._numbers):012d}"
