"""Rooms of every version, and their door."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ovs_contracts.client.chat import Chat
from ovs_contracts.client.session import Session
from ovs_contracts.client.v02 import V02
from ovs_contracts.suite.livekit.rooms import ChatRoom, Door, ResultsRoom, Room
from ovs_contracts.targets.target import Target
from ovs_contracts.transport.http_client import Caller


@pytest.fixture(params=["v0.2", "v1", "v1beta"])
def room(call: Caller, target: Target, key: str, request: pytest.FixtureRequest) -> Room:
    """The room of a new stream of v0.2, and then of v1 and v1beta."""
    return ResultsRoom(V02(call, target, key)) if request.param == "v0.2" else ChatRoom(Chat(call, key, request.param))


@pytest.fixture(params=["v0.2", "v1beta"])
def watched_room(v02: V02, v1beta: Chat, request: pytest.FixtureRequest) -> Room:
    """The room of a new stream of each version that gives out tokens to watch."""
    return ResultsRoom(v02) if request.param == "v0.2" else ChatRoom(v1beta)


@pytest.fixture
def chat_room(either: Chat) -> ChatRoom:
    """The room of a new stream of v1, and then of v1beta."""
    return ChatRoom(either)


@pytest.fixture
def results_room(v02: V02) -> ResultsRoom:
    """The room of a new stream of v0.2."""
    return ResultsRoom(v02)


@pytest.fixture
def v1beta_room(v1beta: Chat) -> ChatRoom:
    """The room of a new stream of v1beta."""
    return ChatRoom(v1beta)


@pytest.fixture
def door_of(session: Session, target: Target) -> Iterator[Callable[[Room], Door]]:
    """The door of a room."""
    with ExitStack() as doors:

        def door_of(room: Room) -> Door:
            door = Door(room.url, [*session.guards.observers, session.journal], target.tls)
            doors.callback(door.close)
            return door

        yield door_of


@pytest.fixture
def door(room: Room, door_of: Callable[[Room], Door]) -> Door:
    """The door of ``room``."""
    return door_of(room)
