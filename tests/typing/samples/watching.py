"""What users write to move time, look at streams, and judge what happened. Checked, not run."""

import re
from pathlib import Path
from typing import Any, assert_type

import numpy as np
import numpy.typing as npt
import pytest

from ovs_mock import (
    BackgroundMock,
    BackgroundPublisher,
    Bill,
    Fault,
    FaultError,
    Guard,
    Journal,
    Leak,
    LeakKind,
    Ovs,
    OvsPublish,
    Publisher,
    PublishError,
    Settings,
    StreamOverError,
    StreamView,
    TrackOptions,
    events,
)


@pytest.fixture
def ovs_settings() -> Settings:
    return Settings(seed=7, ttl_seconds=300, credits_cents=1, strict_keys=True, api_keys=["ovs-mine"])


@pytest.fixture
def ovs_clock() -> str:
    return "frozen"


@pytest.fixture
def ovs_guard() -> bool:
    return False


@pytest.mark.ovs(ttl_seconds=30, clock="frozen", leaks="fail", models={"Qwen/Qwen3.5-9B": "saturated"})
@pytest.mark.ovs_budget(cents=2)
def test_time(ovs: Ovs) -> None:
    for event in ovs.advance(46.5):
        if isinstance(event, events.StreamEnded):
            reason: str = event.reason
            assert reason == "lease_expired"
    assert_type(ovs.now(), float)
    ovs.advance_to_next()
    ovs.play("stream", seconds=5, fps=10, width=640, height=360)


def test_streams(ovs: Ovs) -> None:
    stream = ovs.stream("stream")
    assert_type(stream, StreamView)
    assert stream.state == "active"
    assert stream.end_reason in (None, "lease_expired")
    assert stream.fps > 14.5
    ovs.wait_for_frames(stream.id, 20, timeout=5)
    with pytest.raises(StreamOverError):
        ovs.wait_for_watchers(stream.id)
    ovs.set_model_status("Qwen/Qwen3.5-9B", "unavailable")
    ovs.set_credits(0)
    ovs.revoke(ovs.api_key)
    ovs.reset()


def test_journal(ovs: Ovs) -> None:
    assert_type(ovs.journal, Journal)
    (created,) = ovs.journal.assert_requested("POST", "/v0.2/streams", times=1, json={"mode": "clip"}, status=201)
    assert created.json["inference"]["prompt"]
    assert created.answer_json["stream_id"]
    ovs.journal.assert_not_requested("DELETE", re.compile("/v1/streams/.*"))
    assert_type(ovs.journal.events(events.StreamEnded), list[events.StreamEnded])
    texts: list[str] = [message.text for message in ovs.journal.messages(sent=True)]
    assert texts == sorted(texts, key=len)
    assert [str(entry) for entry in ovs.journal if entry.at > ovs.now() - 1]
    waited = ovs.journal.wait_for_request("POST", "/v1/streams", times=2, json={}, status=201, timeout=5)
    assert [request.answer_json["id"] for request in waited]


async def test_on_a_loop(ovs: Ovs) -> None:
    assert_type(await ovs.aio.wait_for_frames("stream", 20, timeout=5), StreamView)
    assert_type(await ovs.aio.wait_for_watchers("stream"), StreamView)
    assert_type(await ovs.aio.advance(46.5), list[events.Event])
    await ovs.aio.advance_to_next()
    await ovs.aio.play("stream", 5, fps=10)
    await ovs.aio.push_frames("stream", 5)
    await ovs.aio.wait_until(lambda: not ovs.streams, description="the end of all streams")
    (request,) = await ovs.aio.wait_for_request("POST", re.compile("/chat/"), status=200)
    assert request.status == 200


def test_money(ovs: Ovs) -> None:
    assert_type(ovs.bill, Bill)
    cents: float = ovs.bill.cents
    assert cents == pytest.approx(sum(line.cents for line in ovs.bill.lines))
    assert_type(ovs.leaks, list[Leak])
    assert LeakKind.STREAM not in [leak.kind for leak in ovs.leaks]
    assert_type(ovs.consume_failures(), list[BaseException])


def test_faults(ovs: Ovs) -> None:
    lost: Fault = ovs.faults.on("POST /v1beta/streams").lose_answer()
    assert lost.used == 0
    ovs.faults.on("POST", "/v0.2/streams", version="v0.2").status(503)
    ovs.faults.on_socket("stream").close(1013, "try again", after_messages=2)
    ovs.faults.on_chat_stream().stall(30, after_chunks=1)
    ovs.faults.at(5).on_room().leave()
    with pytest.raises(FaultError):
        ovs.faults.on("POST").status(99)


def test_publishing(ovs: Ovs) -> None:
    with BackgroundPublisher(ovs.livekit_url, "token") as publisher:
        playing = publisher.publish_generated(640, 480, fps=15, seconds=1, pattern="red")
        assert playing.result() == 15
        publisher.publish_file("door.mp4", loop=True, options=TrackOptions(codec="h264"))


def test_frames(ovs: Ovs) -> None:
    stream = ovs.stream("stream")
    picture: npt.NDArray[np.uint8] = np.zeros((360, 640, 3), np.uint8)
    assert_type(stream.push_frames(30, fps=15, width=320, height=180), list[events.Event])
    stream.push_frames([picture, picture], times=[0, 0.25], stamp=True)
    stream.push_frames(picture for _ in range(3))
    stream.push_frames(Path("door.mp4"))
    ovs.push_frames("stream", "door.mp4")
    stream.play(seconds=2, fps=5)


def test_the_publisher_fixture(ovs: Ovs, ovs_publish: OvsPublish) -> None:
    created: dict[str, Any] = {"id": "stream", "publish": {"url": "ws://127.0.0.1", "token": "token"}}
    publisher = ovs_publish(created, width=320, height=240, fps=10, pattern="red")
    assert_type(publisher, BackgroundPublisher)
    ovs_publish("ws://127.0.0.1", "token", file="door.mp4", loop=False, stamp=True)
    with pytest.raises(PublishError):
        ovs_publish(created, frames=[np.zeros((360, 640, 3), np.uint8)], options=TrackOptions(codec="h264"))


async def test_publishing_on_a_loop(ovs: Ovs) -> None:
    async with Publisher.connect(ovs.livekit_url, "token") as publisher:
        sent: int = await publisher.publish_generated(seconds=1)
        assert sent


def test_interception(ovs_intercepted: Ovs, ovs: Ovs) -> None:
    with ovs.intercept("api.example.com") as interception:
        assert interception.authority
    with ovs.respx_router() as router:
        router.get("https://example.com/").respond(204)


def test_by_hand() -> None:
    with Guard() as guard, BackgroundMock(Settings(seed=1), clock="frozen") as mock:
        tenant = mock.open_tenant(Settings(name="second"), "running")
        assert_type(tenant, Ovs)
        mock.close_tenant(tenant)
        assert not guard.attempts
