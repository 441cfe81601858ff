"""Rooms of every version, and their door."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.session import TargetSession
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.suite.livekit.rooms import ChatRoom, LiveKitRoom, ResultsRoom, RoomHttpClient
from ovs_contracts.targets.target import Target
from ovs_contracts.transport.http_client import HttpClient


@pytest.fixture(params=["v0.2", "v1", "v1beta"])
def room(call: HttpClient, target: Target, key: str, request: pytest.FixtureRequest) -> LiveKitRoom:
    """The room of a new stream of v0.2, and then of v1 and v1beta."""
    return (
        ResultsRoom(V02Client(call, target, key))
        if request.param == "v0.2"
        else ChatRoom(ChatClient(call, key, request.param))
    )


@pytest.fixture(params=["v0.2", "v1beta"])
def watched_room(v02: V02Client, v1beta: ChatClient, request: pytest.FixtureRequest) -> LiveKitRoom:
    """The room of a new stream of each version that gives out tokens to watch."""
    return ResultsRoom(v02) if request.param == "v0.2" else ChatRoom(v1beta)


@pytest.fixture
def chat_room(either: ChatClient) -> ChatRoom:
    """The room of a new stream of v1, and then of v1beta."""
    return ChatRoom(either)


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
            door = RoomHttpClient(room.url, [*session.guards.observers, session.journal], target.tls)
            doors.callback(door.close)
            return door

        yield door_of


@pytest.fixture
def door(room: LiveKitRoom, door_of: Callable[[LiveKitRoom], RoomHttpClient]) -> RoomHttpClient:
    """The door of ``room``."""
    return door_of(room)
