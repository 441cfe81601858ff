"""The test publisher's video comes out of the mock as it went in, with the real SDK over real WebRTC."""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from livekit import rtc
from ovs_support.v02 import Caller

from ovs_common.extras import MissingExtraError
from ovs_common.livekit.options import PublishError, TrackOptions
from ovs_mock import Ovs
from ovs_mock.model import FrameView
from ovs_mock.video.files import write_stamped_video
from ovs_mock.video.patterns import solid
from ovs_mock.video.publisher import OFFICIAL_CLIENT, Publisher

CLIP = {"mode": "clip", "processing": {"clip_length_seconds": 5, "delay_seconds": 5, "target_fps": 30}}


class Watched:
    """A stream of the mock whose frames can be asked for."""

    def __init__(self, ovs: Ovs, call: Caller) -> None:
        self._ovs = ovs
        self._call = call
        created = call.create(**CLIP)
        self.id: str = created["stream_id"]
        self.url: str = created["livekit"]["url"]
        self.token: str = created["livekit"]["token"]

    def publisher(self, **options: Any) -> Any:
        return Publisher.connect(self.url, self.token, **options)

    async def frames(self, count: int) -> tuple[FrameView, ...]:
        """What the model sees in the last five seconds, once so many frames have come in all."""
        await asyncio.to_thread(self._ovs.wait_for_frames, self.id, count)
        await asyncio.to_thread(self._ovs.advance, 6)
        return self._ovs.model.questions[-1].frames

    def end(self) -> None:
        self._call("DELETE", f"/streams/{self.id}")


@pytest.fixture
def stream(ovs: Ovs, call: Caller) -> Watched:
    return Watched(ovs, call)


@pytest.mark.parametrize("options", [{}, {"single_peer_connection": True}, {"single_peer_connection": False}])
async def test_generated_frames_arrive_with_their_stamps(stream: Watched, options: dict[str, bool]) -> None:
    async with stream.publisher(**options) as publisher:
        sent = await publisher.publish_generated(640, 480, fps=15, seconds=1)
        frames = await stream.frames(12)

    numbers = [frame.stamp.number for frame in frames if frame.stamp]
    assert sent == 15
    assert len(numbers) == len(frames) >= 10
    assert numbers == sorted(set(numbers))
    assert set(numbers) <= set(range(15))


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (320, 240)])
async def test_frames_arrive_in_the_size_they_were_sent_in(stream: Watched, width: int, height: int) -> None:
    async with stream.publisher() as publisher:
        await publisher.publish_generated(width, height, seconds=1, options=OFFICIAL_CLIENT, fps=6)
        frames = await stream.frames(4)

    assert {(frame.width, frame.height) for frame in frames} == {(width, height)}


@pytest.mark.parametrize("colour", ["red", "blue"])
async def test_arrays_are_shown_in_their_colours(stream: Watched, colour: str) -> None:
    async with stream.publisher() as publisher:
        await publisher.publish(640, 480)
        assert await publisher.play([solid(colour)] * 10) == 10
        frames = await stream.frames(5)

    assert {frame.colour for frame in frames} == {colour}
    assert {frame.stamp for frame in frames} == {None}


async def test_numbers_are_stamped_on_a_copy(stream: Watched) -> None:
    picture = solid("green")
    async with stream.publisher() as publisher:
        await publisher.publish(640, 480, TrackOptions(simulcast=False))
        await publisher.play([picture] * 10, stamp=True)
        frames = await stream.frames(6)

    assert set() < {frame.stamp.number for frame in frames if frame.stamp} <= set(range(10))
    assert (picture == solid("green")).all()


async def test_a_frame_may_be_sent_with_any_number(stream: Watched) -> None:
    async with stream.publisher() as publisher:
        await publisher.publish(640, 480)
        while publisher.sent < 10:
            publisher.send(solid("green"), number=4711)
            with suppress(TimeoutError):
                await asyncio.wait_for(publisher.disconnected.wait(), 1 / 15)
        frames = await stream.frames(5)

    assert {frame.stamp.number for frame in frames if frame.stamp} == {4711}


async def test_a_file_is_published_at_its_own_pace(stream: Watched, tmp_path: Path) -> None:
    path = write_stamped_video(tmp_path / "clip.mp4", fps=10, seconds=0.5, pattern="cyan")
    async with stream.publisher() as publisher:
        started = asyncio.get_running_loop().time()
        playing = asyncio.create_task(publisher.publish_file(path, loop=True))
        frames = await stream.frames(12)
        took = asyncio.get_running_loop().time() - started
        playing.cancel()

    assert took > 1.0
    assert {frame.colour for frame in frames} == {"cyan"}
    assert {frame.stamp.number for frame in frames if frame.stamp} == set(range(5))


async def test_a_file_is_published_once_unless_told_otherwise(stream: Watched, tmp_path: Path) -> None:
    path = write_stamped_video(tmp_path / "clip.mp4", fps=10, seconds=0.5)

    async with stream.publisher() as publisher:
        assert await publisher.publish_file(path) == 5


async def test_a_track_can_be_published_again(stream: Watched) -> None:
    async with stream.publisher() as publisher:
        await publisher.publish_generated(seconds=0.5, pattern="red")
        await publisher.unpublish()
        assert not publisher.publishing
        await publisher.publish_generated(320, 240, seconds=1, pattern="yellow")
        frames = await stream.frames(15)

    assert (frames[-1].width, frames[-1].colour) == (320, "yellow")


async def test_a_room_that_closes_ends_the_play(stream: Watched) -> None:
    async with stream.publisher() as publisher:
        playing = asyncio.create_task(publisher.publish_generated())
        await stream.frames(3)
        await asyncio.to_thread(stream.end)
        async with asyncio.timeout(5):
            await publisher.disconnected.wait()
            assert await playing > 0

    assert publisher.disconnect_reason == "ROOM_DELETED"


async def test_leaving_says_that_it_was_the_client(stream: Watched) -> None:
    async with stream.publisher() as publisher:
        await publisher.leave()

    assert publisher.disconnect_reason == "CLIENT_INITIATED"


async def test_a_token_that_is_not_good_is_the_sdks_error(stream: Watched) -> None:
    with pytest.raises(rtc.ConnectError):
        async with Publisher.connect(stream.url, "no token"):
            pytest.fail("joined a room without a token")


async def test_a_file_that_is_no_video_is_refused_before_anything_is_published(stream: Watched, tmp_path: Path) -> None:
    async with stream.publisher() as publisher:
        with pytest.raises(ValueError, match="no such file"):
            await publisher.publish_file(tmp_path / "gone.mp4")

        assert not publisher.publishing


async def test_misuse_is_explained(stream: Watched) -> None:
    async with stream.publisher() as publisher:
        with pytest.raises(PublishError, match=r"publish\(\) first"):
            publisher.send(solid("red"))
        await publisher.publish(640, 480)
        with pytest.raises(PublishError, match=r"unpublish\(\) first"):
            await publisher.publish(640, 480)
        with pytest.raises(ValueError, match=r"\(height, width, 3\) of uint8, this is \(480, 640\) of float64"):
            publisher.send(np.zeros((480, 640)))


def test_bitrate_and_rate_go_together() -> None:
    with pytest.raises(ValueError, match="both, or neither"):
        TrackOptions(max_fps=6)


async def test_a_missing_sdk_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "livekit.rtc", None)

    with pytest.raises(MissingExtraError, match=r"pip install 'ovs-mock\[publish\]'"):
        async with Publisher.connect("ws://nowhere", "token"):
            pytest.fail("connected without an SDK")
