"""The publisher for tests without an event loop."""

import threading
from pathlib import Path

import pytest
from livekit import rtc
from ovs_support.v02 import Caller

from ovs_mock import Ovs
from ovs_mock.video.background import BackgroundPublisher
from ovs_mock.video.files import write_stamped_video
from ovs_mock.video.patterns import solid

THREAD = "publisher"


def publisher_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == THREAD]


def publisher_for(created: dict[str, dict[str, str]]) -> BackgroundPublisher:
    return BackgroundPublisher(created["livekit"]["url"], created["livekit"]["token"])


def test_video_plays_while_the_test_goes_on(ovs: Ovs, call: Caller) -> None:
    created = call.create()

    with publisher_for(created) as publisher:
        playing = publisher.publish_generated(fps=15, seconds=1)
        ovs.wait_for_frames(created["stream_id"], 5)
        assert not playing.done()
        assert playing.result(5) == publisher.sent == 15

    assert not publisher_threads()


def test_frames_and_files_are_published_too(ovs: Ovs, call: Caller, tmp_path: Path) -> None:
    created = call.create()
    path = write_stamped_video(tmp_path / "clip.mp4", seconds=0.5)

    with publisher_for(created) as publisher:
        publisher.publish(640, 480)
        publisher.send(solid("red"), number=1)
        publisher.play([solid("red")] * 3).result(5)
        publisher.unpublish()
        publisher.publish_file(path, loop=True)
        ovs.wait_for_frames(created["stream_id"], 12)


def test_stopping_ends_what_plays(ovs: Ovs, call: Caller) -> None:
    created = call.create()
    publisher = publisher_for(created).start()
    playing = publisher.publish_generated()
    ovs.wait_for_frames(created["stream_id"])

    publisher.stop()
    publisher.stop()

    assert playing.cancelled()
    assert not publisher_threads()


def test_the_end_of_the_stream_is_noticed(ovs: Ovs, call: Caller) -> None:
    created = call.create()

    with publisher_for(created) as publisher:
        assert publisher.disconnect_reason is None
        with pytest.raises(TimeoutError):
            publisher.wait_disconnected(timeout=0.01)
        call("DELETE", f"/streams/{created['stream_id']}")
        assert publisher.wait_disconnected(timeout=5) == "ROOM_DELETED"


def test_a_room_that_cannot_be_joined_leaves_no_thread_behind(ovs: Ovs) -> None:
    with pytest.raises(rtc.ConnectError):
        BackgroundPublisher(ovs.livekit_url, "no token").start()

    assert not publisher_threads()


def test_a_publisher_that_was_never_started_says_so() -> None:
    publisher = BackgroundPublisher("ws://nowhere", "token")

    with pytest.raises(RuntimeError, match=r"call start\(\)"):
        publisher.send(solid("red"))
    publisher.stop()
