"""What takes time can be awaited, on any event loop: clients on it go on meanwhile."""

import asyncio

import aiohttp
import httpx
import pytest
from ovs_support.chat import MODEL
from ovs_support.v02 import Caller, body

from ovs_mock import Ovs, StreamOverError, events
from ovs_mock.util.loop_thread import LoopThread, current_async_library

ASKED = {"model": MODEL, "messages": [{"role": "user", "content": "Hm?"}]}


def client(ovs: Ovs) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=ovs.url, headers={"Authorization": f"Bearer {ovs.api_key}"})


async def test_clients_on_the_same_loop_do_what_is_waited_for(ovs: Ovs) -> None:
    async with client(ovs) as api, aiohttp.ClientSession() as session:
        stream_id = (await api.post("/v0.2/streams", json=body())).json()["stream_id"]

        async def watch() -> str:
            async with session.ws_connect(f"{ovs.v02}/ws/streams/{stream_id}") as socket:
                await socket.send_json({"api_key": ovs.api_key})
                return str((await socket.receive_json(timeout=10))["stream_id"])

        watching = asyncio.create_task(watch())
        assert (await ovs.aio.wait_for_watchers(stream_id)).watchers == 1
        fired = await ovs.aio.play(stream_id, 2, fps=2)
        assert any(isinstance(event, events.ResultReady) for event in fired)
        assert await watching == stream_id
        assert (await ovs.aio.wait_for_frames(stream_id, 4)).frames_received == 4
        await ovs.aio.push_frames(stream_id, 3)
        assert ovs.stream(stream_id).frames_received == 7
        assert [event.stream_id for event in await ovs.aio.advance(46) if isinstance(event, events.StreamEnded)]


async def test_a_call_that_has_come_and_waits_for_the_clock(ovs: Ovs) -> None:
    ovs.model.latency(60)
    async with client(ovs) as api:
        asking = asyncio.create_task(api.post("/v1beta/chat/completions", json=ASKED))
        (request,) = await ovs.aio.wait_for_request("POST", "/v1beta/chat/*", json={"model": MODEL})
        assert request.status is None
        await ovs.aio.advance(61)
        assert (await asking).status_code == 200
        (request,) = await ovs.aio.wait_for_request("POST", "/v1beta/chat/*", status=200)
        assert request.answer_json["object"] == "chat.completion"


async def test_so_many_calls(ovs: Ovs) -> None:
    async with client(ovs) as api:
        waiting = asyncio.create_task(ovs.aio.wait_for_request("GET", "/v1/models", times=3))
        for _ in range(3):
            assert not waiting.done()
            await api.get("/v1/models")
        assert len(await waiting) == 3


async def test_what_is_waited_for_in_vain(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    with pytest.raises(TimeoutError, match=r"waited 0.01 s for 1 frames of stream .*: 0 came$"):
        await ovs.aio.wait_for_frames(stream_id, timeout=0.01)
    with pytest.raises(TimeoutError, match=r"waited 0\.01 s for the condition: it does not hold$"):
        await ovs.aio.wait_until(lambda: False, timeout=0.01)
    with pytest.raises(TimeoutError, match=r"POST /v0\.2/streams → 201: the method is POST"):
        await ovs.aio.wait_for_request("GET", "/v0.2/streams", timeout=0.01)
    with pytest.raises(KeyError, match="nobody"):
        await ovs.aio.wait_for_frames("nobody")
    call("DELETE", f"/streams/{stream_id}")
    with pytest.raises(StreamOverError, match=r"client_requested"):
        await ovs.aio.wait_for_frames(stream_id)
    with pytest.raises(StreamOverError):
        await ovs.aio.play(stream_id, 1)


async def test_who_is_cancelled_breaks_off_and_the_clock_goes_on(ovs: Ovs, call: Caller) -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def never(question: object) -> str:
        loop.call_soon_threadsafe(asked.set)
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    call.stream()
    ovs.model.reply(never, optional=True)
    stream_id = ovs.streams[0].id
    moving = asyncio.create_task(ovs.aio.play(stream_id, 5))
    await asked.wait()
    moving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await moving

    async def take_the_clock() -> bool:
        async with asyncio.timeout(10), ovs.tenant.runtime.exclusive_clock():
            return True

    assert ovs.run(take_the_clock())


def test_where_no_loop_runs_it_says_so(ovs: Ovs) -> None:
    assert current_async_library() is None
    waiting = ovs.aio.advance(1)
    with pytest.raises(RuntimeError, match="await this on asyncio or trio"):
        waiting.send(None)


async def test_on_the_mock_s_own_loop_it_is_awaited_as_it_is() -> None:
    thread = LoopThread("own")
    thread.start()

    async def inner() -> int:
        return 3

    async def outer() -> int:
        return await thread.run_async(inner())

    try:
        assert await thread.run_async(outer()) == 3
    finally:
        thread.stop()


LOOPS = """
import anyio, httpx, pytest

STREAM = {"processing": {"interval_seconds": 1}, "inference": {"prompt": "?", "model": "Qwen/Qwen3.5-9B"}}
ASKED = {"model": "Qwen/Qwen3.5-9B", "messages": [{"role": "user", "content": "Hm?"}]}


def client(ovs):
    return httpx.AsyncClient(base_url=ovs.url, headers={"Authorization": f"Bearer {ovs.api_key}"})


async def chat(ovs, told):
    async with client(ovs) as api:
        told.append((await api.post("/v1beta/chat/completions", json=ASKED)).status_code)


async def waits(ovs, nursery):
    told = []
    ovs.model.latency(60)
    nursery.start_soon(chat, ovs, told)
    (request,) = await ovs.aio.wait_for_request("POST", "/v1beta/chat/completions")
    assert request.status is None and told == []
    await ovs.aio.advance(61)
    await ovs.aio.wait_for_request("POST", "/v1beta/chat/completions", status=200)
    async with client(ovs) as api:
        stream_id = (await api.post("/v0.2/streams", json=STREAM)).json()["stream_id"]
        await ovs.aio.play(stream_id, 1)
        assert (await ovs.aio.wait_for_frames(stream_id, 10)).frames_received == 10
        with pytest.raises(TimeoutError, match="0 came$"):
            await ovs.aio.wait_for_watchers(stream_id, timeout=0.01)
        with pytest.raises(TimeoutError, match="the wait blocked clients on this event loop"):
            ovs.wait_for_watchers(stream_id, timeout=0.01)
        with anyio.move_on_after(0.05) as scope:
            await ovs.aio.wait_until(lambda: False)
        assert scope.cancelled_caught
        await ovs.aio.advance(46)
    return told
"""

ANYIO = """
@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request):
    return request.param

@pytest.mark.anyio
async def test_it(ovs):
    async with anyio.create_task_group() as group:
        told = await waits(ovs, group)
    assert told == [200]
"""

TRIO = """
async def test_it(ovs, nursery):
    told = await waits(ovs, nursery)
    with anyio.fail_after(10):
        while not told:
            await anyio.lowlevel.checkpoint()
    assert told == [200]
"""

ASYNCIO = """
import asyncio

class Nursery:
    def __init__(self):
        self.tasks = []

    def start_soon(self, do, *arguments):
        self.tasks.append(asyncio.ensure_future(do(*arguments)))

async def test_it(ovs):
    nursery = Nursery()
    told = await waits(ovs, nursery)
    await asyncio.gather(*nursery.tasks)
    assert told == [200]
"""

LIBRARIES = {
    "anyio": (ANYIO, ("-p", "no:asyncio", "-p", "no:trio"), 2),
    "pytest-trio": (TRIO, ("-p", "no:asyncio", "-o", "trio_mode=true"), 1),
    "pytest-asyncio": (ASYNCIO, ("-p", "no:trio", "-o", "asyncio_mode=auto"), 1),
}


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_library_can_await_it(pytester: pytest.Pytester, library: str) -> None:
    code, options, passed = LIBRARIES[library]
    pytester.makepyfile(LOOPS + code)
    ran = pytester.runpytest_subprocess("-p", "no:randomly", "--ovs-leaks=fail", *options)
    ran.assert_outcomes(passed=passed)
