"""Rooms of every version, and their door."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.session import TargetSession
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.documents.versions import version, versions
from ovs_contracts.suite.livekit.rooms import ChatRoom, LiveKitRoom, ResultsRoom, RoomHttpClient
from ovs_contracts.targets.target import Target
from ovs_contracts.transport.http_client import HttpClient


@pytest.fixture(params=list(versions()))
def room(http: HttpClient, target: Target, key: str, request: pytest.FixtureRequest) -> LiveKitRoom:
    """The room of a new stream, of each version."""
    return room_of(http, target, key, request.param)


@pytest.fixture(params=[name for name, version in versions().items() if version.spectator_seconds])
def watched_room(http: HttpClient, target: Target, key: str, request: pytest.FixtureRequest) -> LiveKitRoom:
    """The room of a new stream, of each version that gives out tokens to watch."""
    return room_of(http, target, key, request.param)


def room_of(http: HttpClient, target: Target, key: str, name: str) -> LiveKitRoom:
    """The room of a new stream of the version."""
    if version(name).kind == "results":
        return ResultsRoom(V02Client(http, target, key))
    return ChatRoom(ChatClient(http, key, name))


@pytest.fixture
def chat_room(chat: ChatClient) -> ChatRoom:
    """The room of a new stream of v1, and then of v1beta."""
    return ChatRoom(chat)


@pytest.fixture
def results_room(v02: V02Client) -> ResultsRoom:
    """The room of a new stream of v0.2."""
    return ResultsRoom(v02)


@pytest.fixture
def v1beta_room(v1beta: ChatClient) -> ChatRoom:
    """The room of a new stream of v1beta."""
    return ChatRoom(v1beta)


@pytest.fixture
def door_of(session: TargetSession, target: Target) -> Iterator[Callable[[LiveKitRoom], RoomHttpClient]]:
    """The door of a room."""
    with ExitStack() as doors:

        def door_of(room: LiveKitRoom) -> RoomHttpClient:
            door = RoomHttpClient(room.url, [*session.limits.observers, session.exchange_log], target.tls)
            doors.callback(door.close)
            return door

        yield door_of


@pytest.fixture
def door(room: LiveKitRoom, door_of: Callable[[LiveKitRoom], RoomHttpClient]) -> RoomHttpClient:
    """The door of ``room``."""
    return door_of(room)
