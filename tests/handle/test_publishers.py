"""Publishers for a test: real video from what a create answered, and nobody is left when the test ends."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from livekit import rtc
from ovs_support.chat import ChatCaller
from ovs_support.v02 import Caller

from ovs_common.extras import MissingExtraError
from ovs_mock import Ovs, OvsPublish
from ovs_mock.video.files import VideoFileError, write_stamped_video
from ovs_mock.video.patterns import solid


@pytest.fixture
def publish(ovs: Ovs) -> Iterator[OvsPublish]:
    publish = OvsPublish(ovs)
    yield publish
    publish.close()


def shown(ovs: Ovs) -> set[tuple[int, int, str | None, bool]]:
    """Size, colour and whether there is a stamp, of what the model saw last."""
    ovs.advance(2)
    return {(f.width, f.height, f.colour, f.stamp is not None) for f in ovs.model.questions[-1].frames}


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_what_a_create_answered_is_enough(ovs: Ovs, publish: OvsPublish, version: str) -> None:
    with ChatCaller(ovs, getattr(ovs, version)) as call:
        created = call("POST", "/streams").json()
    publisher = publish(created)
    assert ovs.stream(created["id"]).frames_received >= 1
    assert publisher.sent >= 1


def test_a_pattern_is_published_in_the_size_that_is_asked_for(ovs: Ovs, call: Caller, publish: OvsPublish) -> None:
    publish(call.create(), width=320, height=240, pattern="cyan", fps=10)
    assert shown(ovs) == {(320, 240, "cyan", True)}


def test_a_url_and_a_token_do_as_well(ovs: Ovs, call: Caller, publish: OvsPublish) -> None:
    created = call.create()
    publish(created["livekit"]["url"], created["livekit"]["token"], pattern="green")
    assert shown(ovs) == {(640, 480, "green", True)}


@pytest.mark.parametrize("once", [False, True])
def test_arrays_are_published_over_and_over_unless_told_otherwise(
    *, ovs: Ovs, call: Caller, publish: OvsPublish, once: bool
) -> None:
    created = call.create()
    publisher = publish(created, frames=[solid("red")] * 20, fps=20, loop=not once)
    if once:
        ovs.wait_until(lambda: publisher.sent == 20)
    else:
        ovs.wait_for_frames(created["stream_id"], 25)
    assert shown(ovs) == {(640, 480, "red", False)}


def test_an_iterator_is_published_once(ovs: Ovs, call: Caller, publish: OvsPublish) -> None:
    publisher = publish(call.create(), frames=(solid("blue") for _ in range(20)), fps=20, stamp=True)
    assert shown(ovs) == {(640, 480, "blue", True)}
    ovs.wait_until(lambda: publisher.sent == 20)


def test_a_file_is_published_over_and_over(ovs: Ovs, call: Caller, publish: OvsPublish, tmp_path: Path) -> None:
    created = call.create()
    publish(created, file=write_stamped_video(tmp_path / "clip.mp4", fps=10, seconds=0.5, pattern="yellow"))
    ovs.wait_for_frames(created["stream_id"], 8)
    assert shown(ovs) == {(640, 480, "yellow", True)}


def test_everybody_has_left_when_it_is_closed(ovs: Ovs, call: Caller, publish: OvsPublish) -> None:
    streams = [call.create() for _ in range(2)]
    publishers = [publish(created) for created in streams]
    publish.close()
    assert [publisher.disconnect_reason for publisher in publishers] == ["CLIENT_INITIATED"] * 2
    assert {leak.kind for leak in ovs.leaks} == {"stream"}
    publish.close()


def test_nobody_is_left_in_a_stream_that_has_ended(ovs: Ovs, call: Caller, publish: OvsPublish) -> None:
    created = call.create()
    publisher = publish(created)
    call("DELETE", f"/streams/{created['stream_id']}")
    assert publisher.wait_disconnected(timeout=10) == "ROOM_DELETED"
    assert ovs.leaks == []


async def test_async_tests_publish_too(ovs: Ovs, call: Caller, publish: OvsPublish) -> None:
    publish(call.create(), pattern="red")
    await asyncio.to_thread(publish, call.create(), pattern="green")
    assert all(stream.frames_received for stream in ovs.streams)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (({"id": "s", "publish": None},), "got an object with id, publish: expected the answer that created a stream"),
        (({},), "got an object with nothing in it: expected"),
        (({"livekit": {"url": "ws://x"}},), "got str and NoneType: expected"),
        (("ws://x",), "got str and NoneType: expected"),
        (("ws://x", "no token"), "the token is not an access token of LiveKit"),
        ((7, "token"), "got int and str: expected"),
    ],
)
def test_what_is_no_room_is_refused(publish: OvsPublish, given: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        publish(*given)


def test_what_cannot_be_published_is_refused_and_leaves_nobody_behind(
    ovs: Ovs, call: Caller, publish: OvsPublish, tmp_path: Path
) -> None:
    created = call.create()
    with pytest.raises(ValueError, match="file and frames are both given"):
        publish(created, file="door.mp4", frames=[solid("red")])
    with pytest.raises(ValueError, match="no frames: expected one at least"):
        publish(created, frames=[])
    with pytest.raises(ValueError, match=r"frame 1 is an array of \(480, 640\) of uint8: expected"):
        publish(created, frames=[solid("red"), solid("red")[..., 0]])
    with pytest.raises(VideoFileError, match="no such file"):
        publish(created, file=tmp_path / "gone.mp4")
    publish.close()
    assert {leak.kind for leak in ovs.leaks} == {"stream"}


def test_a_room_that_is_gone_cannot_be_joined(call: Caller, publish: OvsPublish) -> None:
    created = call.create()
    call("DELETE", f"/streams/{created['stream_id']}")
    with pytest.raises(rtc.ConnectError):
        publish(created)


def test_a_missing_sdk_is_explained(call: Caller, publish: OvsPublish, monkeypatch: pytest.MonkeyPatch) -> None:
    created = call.create()
    monkeypatch.setitem(sys.modules, "livekit.rtc", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'ovs-mock\[publish\]'"):
        publish(created)
