"""Real video for checks: published on any target, mock or not."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.livekit.frame_source import PublishedFrames, PublishGrants
from ovs_contracts.client.livekit.publisher import RoomJoinError, RoomParticipant, RoomPublisher
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.targets.target import Target
from ovs_contracts.transport.exchange import Deviation
from ovs_contracts.transport.http_client import HttpClient

from ovs_common.livekit.client import SdkClient
from ovs_mock import BackgroundMock, Settings

SUITE = "ovs_contracts.suite.livekit"
CHOSEN = "shows_in_info or (returns_with and v1beta)"


class World:
    """A mock on the real clock, a caller whose calls are seen, and footage."""

    def __init__(self, mock: BackgroundMock) -> None:
        self.passes = PublishGrants()
        self.call = HttpClient(mock.url, [self.passes])
        self.footage = PublishedFrames(self.passes, self.call)
        self.v1 = ChatClient(self.call, mock.api_key, "v1")
        self.v02 = V02Client(self.call, Target(name="mock", origin=mock.url, api_key=mock.api_key), mock.api_key)

    def close(self) -> None:
        self.footage.close()
        self.call.close()


@pytest.fixture
def mock() -> Iterator[BackgroundMock]:
    with BackgroundMock(Settings(seed=1), clock="real") as mock:
        yield mock


@pytest.fixture
def world(mock: BackgroundMock) -> Iterator[World]:
    world = World(mock)
    yield world
    world.close()


def test_footage_of_a_chat_stream_goes_on_where_it_paused(mock: BackgroundMock, world: World) -> None:
    stream_id = world.v1.stream()
    came = world.footage.play(stream_id, 1, fps=10, size=(320, 240))
    first = mock.stream(stream_id)
    assert 8 <= first.frames_received <= came
    came += world.footage.play(stream_id, 1, fps=10, size=(320, 240))
    assert first.frames_received + 8 <= mock.stream(stream_id).frames_received <= came
    assert (first.width, first.height) == (320, 240)


def test_another_size_is_another_track(mock: BackgroundMock, world: World) -> None:
    stream_id = world.v02.stream()
    for size in ((320, 240), (640, 360)):
        world.footage.play(stream_id, 0.5, fps=10, size=size)
        info = world.v02.info(stream_id).json
        assert (info["frame_width"], info["frame_height"]) == size


def test_the_token_of_the_newest_keepalive_counts(world: World) -> None:
    stream_id = world.v1.stream()
    renewed = world.v1.keepalive(stream_id).json["publish"]["token"]
    assert world.passes.for_stream(stream_id).token == renewed
    native = world.v02.stream()
    renewed = world.v02.keepalive(native).json["livekit_token"]
    assert world.passes.for_stream(native).token == renewed


def test_a_stream_that_nobody_made_has_no_footage(world: World) -> None:
    with pytest.raises(AssertionError, match="no token"):
        world.footage.play("nobody", 1, fps=1, size=(320, 240))


def test_a_stream_that_ended_takes_none(world: World) -> None:
    stream_id = world.v1.stream()
    world.v1.delete(stream_id)
    with pytest.raises(RoomJoinError, match="401"):
        world.footage.play(stream_id, 1, fps=1, size=(320, 240))


def test_video_that_does_not_arrive_is_a_deviation(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ovs_contracts.client.livekit.frame_source.ARRIVAL_TIMEOUT", 0)
    monkeypatch.setattr("ovs_contracts.client.livekit.frame_source._has_new_frame", lambda shown, before: False)
    with pytest.raises(Deviation, match="published video arrives"):
        world.footage.play(world.v1.stream(), 1, fps=1, size=(320, 240))


def test_nobody_enters_with_a_bad_token(mock: BackgroundMock) -> None:
    with pytest.raises(RoomJoinError, match="401"), RoomParticipant(mock.livekit_url, "not-a-token"):
        pass


def test_who_is_put_out_knows_why(world: World) -> None:
    created = world.v1.create().json
    with RoomPublisher(created["publish"]["url"], created["publish"]["token"]) as publisher:
        world.v1.delete(created["id"])
        assert publisher.disconnected.wait(5)
        assert publisher.disconnect_reason == "ROOM_DELETED"


def test_a_client_that_breaks_down_is_replaced(mock: BackgroundMock, world: World) -> None:
    created = world.v1.create().json
    with RoomPublisher(created["publish"]["url"], created["publish"]["token"]) as publisher:
        os.kill(SdkClient.running().pid, signal.SIGKILL)
        assert publisher.disconnected.wait(5)
        with pytest.raises(RoomJoinError, match="ended with status -9"):
            publisher.resume()
    assert world.footage.play(world.v1.stream(), 0.5, fps=10, size=(320, 240)) >= 5


def test_a_client_that_does_not_answer_is_given_up(world: World) -> None:
    created = world.v1.create().json
    with (
        pytest.raises(RoomJoinError, match=r"no answer within 0\.001 s"),
        RoomPublisher(created["publish"]["url"], created["publish"]["token"], timeout=0.001),
    ):
        pass


def test_the_suite_publishes_into_a_target_by_its_url(mock: BackgroundMock) -> None:
    """The real clock cannot be moved: what needs that is skipped, and the rest is done with real video."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyargs", SUITE]
    options = [f"--ovs-target={mock.url}", "--ovs-budget-cents=50", "-k", CHOSEN]
    done = subprocess.run(
        [*command, *options],
        env={**os.environ, "OVERSHOOT_API_KEY": mock.api_key},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
