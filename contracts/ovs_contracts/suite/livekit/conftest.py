"""Rooms of every version, and their room_http."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.session import TargetSession
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.documents.versions import version, versions
from ovs_contracts.suite.livekit.rooms import LiveKitRoom, RoomHttpClient
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
    pushes = version(name).kind == "results"
    return LiveKitRoom(V02Client(http, target, key) if pushes else ChatClient(http, key, name))


@pytest.fixture
def chat_room(chat: ChatClient) -> LiveKitRoom:
    """The room of a new stream of v1, and then of v1beta."""
    return LiveKitRoom(chat)


@pytest.fixture
def results_room(v02: V02Client) -> LiveKitRoom:
    """The room of a new stream of v0.2."""
    return LiveKitRoom(v02)


@pytest.fixture
def v1beta_room(v1beta: ChatClient) -> LiveKitRoom:
    """The room of a new stream of v1beta."""
    return LiveKitRoom(v1beta)


@pytest.fixture
def room_http_for(session: TargetSession, target: Target) -> Iterator[Callable[[LiveKitRoom], RoomHttpClient]]:
    """Makes the HTTP client of a room."""
    with ExitStack() as clients:

        def make(room: LiveKitRoom) -> RoomHttpClient:
            client = RoomHttpClient(room.url, [*session.limits.observers, session.exchange_log], target.tls)
            clients.callback(client.close)
            return client

        yield make


@pytest.fixture
def room_http(room: LiveKitRoom, room_http_for: Callable[[LiveKitRoom], RoomHttpClient]) -> RoomHttpClient:
    """The HTTP client of ``room``."""
    return room_http_for(room)
