"""LiveKit rooms that go wrong, as LiveKit's own client sees them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from livekit import rtc
from ovs_support.v02 import Caller

from ovs_mock import BackgroundPublisher, Ovs

PATIENCE = 20.0


@pytest.fixture
def lent(ovs: Ovs) -> dict[str, Any]:
    """A stream, and the way into its room."""
    with Caller(ovs) as call:
        return call.create()


@asynccontextmanager
async def joined(ovs: Ovs, lent: dict[str, Any], *names: str) -> AsyncIterator[asyncio.Queue[str]]:
    """A client in the room, and the queue of its events with these names."""
    room, events = rtc.Room(), asyncio.Queue[str]()
    for name in names:
        room.on(name, lambda *_, name=name: events.put_nowait(name))  # type: ignore[arg-type]
    await room.connect(ovs.livekit_url, lent["livekit"]["token"])
    try:
        yield events
    finally:
        await room.disconnect()


def publishers(ovs: Ovs, lent: dict[str, Any]) -> int:
    return len(ovs.tenant.runtime.engine.state.streams[lent["stream_id"]].publishers)


async def test_a_token_is_refused(ovs: Ovs, lent: dict[str, Any]) -> None:
    fault = ovs.faults.on_room().refuse().always()
    with pytest.raises(rtc.ConnectError):
        async with joined(ovs, lent):
            pass
    assert fault.used >= 1
    assert publishers(ovs, lent) == 0
    fault.forget()
    async with joined(ovs, lent):
        pass


@pytest.mark.parametrize(
    ("action", "event"), [("disconnect", "disconnected"), ("resume", "reconnected"), ("reconnect", "reconnected")]
)
async def test_a_publisher_gets_a_leave_request(ovs: Ovs, lent: dict[str, Any], action: Any, event: str) -> None:
    async with joined(ovs, lent, event) as events:
        ovs.wait_until(lambda: publishers(ovs, lent) == 1)
        fault = ovs.faults.on_room(lent["stream_id"]).leave(action)
        assert await asyncio.wait_for(events.get(), PATIENCE) == event
        assert fault.used == 1


async def test_a_publisher_gets_a_leave_request_as_soon_as_it_joins(ovs: Ovs, lent: dict[str, Any]) -> None:
    fault = ovs.faults.on_room().leave("reconnect")
    async with joined(ovs, lent, "reconnected") as events:
        assert await asyncio.wait_for(events.get(), PATIENCE) == "reconnected"
    assert fault.used == 1


async def test_a_publisher_reconnects_after_its_socket_was_closed(ovs: Ovs, lent: dict[str, Any]) -> None:
    async with joined(ovs, lent, "reconnected") as events:
        ovs.wait_until(lambda: publishers(ovs, lent) == 1)
        ovs.faults.on_room().drop()
        assert await asyncio.wait_for(events.get(), PATIENCE) == "reconnected"


async def test_a_joining_client_gets_no_answer(ovs: Ovs, lent: dict[str, Any]) -> None:
    ovs.faults.on_room().no_answer()
    ovs.faults.on_room().no_answer(handshake=True)
    url = f"{ovs.url}/rtc?access_token={lent['livekit']['token']}"
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            with pytest.raises(asyncio.TimeoutError):
                await socket.receive(timeout=0.2)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(session.ws_connect(url), 0.2)
        async with session.ws_connect(url) as socket:
            assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.BINARY


def test_video_freezes(ovs: Ovs, lent: dict[str, Any]) -> None:
    stream_id = lent["stream_id"]
    with BackgroundPublisher(ovs.livekit_url, lent["livekit"]["token"]) as publisher:
        playing = publisher.publish_generated(seconds=4)
        ovs.wait_for_frames(stream_id, 5)
        frozen = ovs.faults.on_room(stream_id).freeze()
        ovs.wait_until(lambda: frozen.used > 0 or playing.done())
        came = ovs.stream(stream_id).frames_received
        playing.result(20)
        assert frozen.used > 5
        assert ovs.stream(stream_id).frames_received == came
