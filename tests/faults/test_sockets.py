"""Result sockets that go wrong, as aiohttp and websockets see them."""

import json
from collections.abc import Iterator

import aiohttp
import pytest
from ovs_support.v02 import Caller, push_frame, results
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from ovs_mock import Ovs, events


@pytest.fixture
def ovs_clock() -> str:
    return "frozen"


@pytest.fixture
def stream_id(ovs: Ovs) -> Iterator[str]:
    """A stream with a frame, that has a result each second."""
    with Caller(ovs) as call:
        made = call.stream()
        push_frame(ovs, made)
        yield made


def play(ovs: Ovs, stream_id: str, seconds: float) -> None:
    """Move the clock while video comes in."""
    ovs.play(stream_id, seconds, fps=2)


async def test_closed_now_and_closed_later(ovs: Ovs, stream_id: str) -> None:
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        ovs.faults.on_socket(stream_id).close(1011, "boom")
        assert await socket.closed() == (1011, "boom")
    ovs.faults.on_socket().close(1012)
    async with results(ovs, stream_id) as socket:
        assert await socket.closed() == (1012, "")
    ovs.faults.at(2.5).on_socket().close(4000, "later")
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        play(ovs, stream_id, 5)
        seen, end = await socket.rest()
        assert (len(seen), end) == (2, (4000, "later"))


async def test_a_closed_socket_does_not_count_as_watching_before_the_client_answers(ovs: Ovs, stream_id: str) -> None:
    """Else a test that waits for the client to come back meets the socket that has just been closed."""
    async with results(ovs, stream_id):
        ovs.wait_for_watchers(stream_id)
        # Nothing is read from the socket any more.
        ovs.faults.on_socket(stream_id).close(1011)
        assert ovs.stream(stream_id).watchers == 0


async def test_closed_after_a_number_of_messages(ovs: Ovs, stream_id: str) -> None:
    fault = ovs.faults.on_socket().close(1011, after_messages=3).times(2)
    for _ in range(2):
        async with results(ovs, stream_id) as socket:
            ovs.wait_for_watchers(stream_id)
            play(ovs, stream_id, 5)
            seen, end = await socket.rest()
            assert (len(seen), end) == (3, (1011, ""))
    assert fault.used == 2


async def test_dropped_without_a_close_frame(ovs: Ovs, stream_id: str) -> None:
    ovs.faults.on_socket().drop(after_messages=1)
    async with connect(f"{ovs.v02.replace('http', 'ws', 1)}/ws/streams/{stream_id}") as socket:
        await socket.send(json.dumps({"api_key": ovs.api_key}))
        ovs.wait_for_watchers(stream_id)
        play(ovs, stream_id, 3)
        assert json.loads(await socket.recv())["stream_id"] == stream_id
        with pytest.raises(ConnectionClosedError) as closed:
            await socket.recv()
        assert closed.value.rcvd is None


async def test_silence_lasts_for_its_window(ovs: Ovs, stream_id: str) -> None:
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        play(ovs, stream_id, 1)
        silence = ovs.faults.between(0, 3.5).on_socket().silence()
        play(ovs, stream_id, 5)
        first, second = await socket.next(), await socket.next()
        made = [event.result.inference.id for event in ovs.journal.events(events.ResultReady)]
        missed = made[made.index(first["id"]) + 1 : made.index(second["id"])]
        assert (len(missed), silence.used) == (3, 3)


async def test_malformed_duplicated_and_reordered_messages(ovs: Ovs, stream_id: str) -> None:
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        ovs.faults.on_socket().malform()
        ovs.faults.on_socket().duplicate()
        ovs.faults.on_socket().reorder()
        play(ovs, stream_id, 5)
        made = [event.result.inference.id for event in ovs.journal.events(events.ResultReady)]
        texts = [str((await socket.ws.receive(timeout=5)).data) for _ in range(6)]
        with pytest.raises(json.JSONDecodeError):
            json.loads(texts[0])
        assert texts[1] == texts[2]
        ids = [json.loads(text)["id"] for text in texts[3:]]
        assert [made.index(id_) - made.index(ids[1]) for id_ in ids] == [1, 0, 2]


async def test_a_handshake_that_is_refused(ovs: Ovs, stream_id: str) -> None:
    ovs.faults.on("GET /v0.2/ws/*").status(503)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await session.ws_connect(f"{ovs.v02}/ws/streams/{stream_id}")


async def test_faults_apply_to_sockets_that_were_open_before(ovs: Ovs, stream_id: str) -> None:
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        ovs.faults.on_socket().silence().times(2)
        play(ovs, stream_id, 3)
        assert (await socket.next())["ok"]
