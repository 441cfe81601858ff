"""Clients as they are, with the production URL built in."""

import asyncio
import json
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Awaitable, Callable
from http.client import HTTPResponse
from typing import Any, Literal

import aiohttp
import httpx
import openai
import pytest
import requests
import trio
import truststore
import uvloop
import websockets.asyncio.client
import websockets.sync.client
from ovs_support.v02 import body

from ovs_mock import Ovs

V02 = "https://api.overshoot.ai/v0.2"
V1 = "https://api.overshoot.ai/v1"
SOCKET = "wss://api.overshoot.ai/v0.2/ws/streams"
MODEL = "Qwen/Qwen3.5-9B"
HELLO: list[Any] = [{"role": "user", "content": "Hello"}]

OLDER = openai.OpenAI(base_url="https://api.overshoot.ai/v1beta", api_key="ovs-built-in", max_retries=0)
"""Made when its module is imported, as applications do: before any interception."""

Runner = Callable[[Callable[[], Awaitable[None]]], None]


def with_asyncio(work: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await work()

    asyncio.run(run())


def with_uvloop(work: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await work()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


either_loop = pytest.mark.parametrize("run", [with_asyncio, with_uvloop])
any_loop = pytest.mark.parametrize("run", [with_asyncio, with_uvloop, trio.run])


@pytest.fixture
def headers(ovs_intercepted: Ovs) -> dict[str, str]:
    return {"Authorization": f"Bearer {ovs_intercepted.api_key}"}


def test_httpx(headers: dict[str, str], ovs: Ovs) -> None:
    with httpx.Client(base_url=V02, headers=headers) as client:
        assert client.post("/streams", json=body()).status_code == 201
    assert len(ovs.streams) == 1


@any_loop
def test_httpx_on_event_loops(run: Runner, headers: dict[str, str], ovs: Ovs) -> None:
    async def work() -> None:
        async with httpx.AsyncClient(base_url=V02, headers=headers) as client:
            assert (await client.post("/streams", json=body())).status_code == 201

    run(work)
    assert len(ovs.streams) == 1


@pytest.mark.parametrize("trust", [False, truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)])
def test_httpx_with_trust_of_its_own(trust: ssl.SSLContext | Literal[False], ovs_intercepted: Ovs) -> None:
    assert httpx.get(f"{V1}/models", verify=trust).status_code == 200


@pytest.mark.parametrize("_again", [1, 2])
def test_an_openai_client_that_is_older_than_the_interception(_again: int, ovs_intercepted: Ovs) -> None:
    answer = OLDER.chat.completions.create(model=MODEL, messages=HELLO)
    assert answer.choices[0].message.content
    pieces = OLDER.chat.completions.create(model=MODEL, messages=HELLO, stream=True)
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces)


@any_loop
def test_openai_on_event_loops(run: Runner, ovs_intercepted: Ovs) -> None:
    async def work() -> None:
        async with openai.AsyncOpenAI(base_url=V1, api_key=ovs_intercepted.api_key) as client:
            assert (await client.chat.completions.create(model=MODEL, messages=HELLO)).choices

    run(work)


@pytest.mark.parametrize("verify", [True, False])
@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_requests(verify: bool, headers: dict[str, str], ovs: Ovs) -> None:  # noqa: FBT001
    answer = requests.post(f"{V02}/streams", json=body(), headers=headers, verify=verify, timeout=10)
    assert answer.status_code == 201
    assert len(ovs.streams) == 1


def test_urllib(ovs_intercepted: Ovs) -> None:
    answer: HTTPResponse
    with urllib.request.urlopen(f"{V1}/models") as answer:  # noqa: S310 - the scheme is there
        assert answer.status == 200


@either_loop
def test_aiohttp_over_rest_and_socket(run: Runner, headers: dict[str, str], ovs: Ovs) -> None:
    async def work() -> None:
        async with aiohttp.ClientSession(headers=headers) as session:
            async with session.post(f"{V02}/streams", json=body()) as response:
                stream_id = (await response.json())["stream_id"]
            async with session.ws_connect(f"{SOCKET}/{stream_id}") as results:
                await results.send_json({"api_key": ovs.api_key})
                await asyncio.to_thread(ovs.wait_for_watchers, stream_id)
                await asyncio.to_thread(ovs.advance, 46)
                assert (await results.receive())[:2] == (aiohttp.WSMsgType.CLOSE, 1001)

    run(work)


class WithoutLibrary(aiohttp.AsyncResolver):
    """aiohttp's resolver when aiodns is installed; that it is not asked is what is to be seen."""

    def __init__(self) -> None:
        pass

    async def close(self) -> None:
        pass


async def test_aiohttp_with_its_own_resolver(ovs_intercepted: Ovs) -> None:
    connector = aiohttp.TCPConnector(resolver=WithoutLibrary())
    async with aiohttp.ClientSession(connector=connector) as session, session.get(f"{V1}/models") as response:
        assert response.status == 200


@either_loop
def test_websockets(run: Runner, headers: dict[str, str], ovs: Ovs) -> None:
    stream_id = httpx.post(f"{V02}/streams", json=body(), headers=headers).json()["stream_id"]

    async def work() -> None:
        async with websockets.asyncio.client.connect(f"{SOCKET}/{stream_id}") as results:
            await results.send(json.dumps({"api_key": ovs.api_key}))
            await asyncio.to_thread(ovs.wait_for_watchers, stream_id)

    run(work)


def test_websockets_without_a_loop(headers: dict[str, str], ovs: Ovs) -> None:
    stream_id = httpx.post(f"{V02}/streams", json=body(), headers=headers).json()["stream_id"]
    with websockets.sync.client.connect(f"{SOCKET}/{stream_id}") as results:
        results.send(json.dumps({"api_key": ovs.api_key}))
        ovs.wait_for_watchers(stream_id)


def test_native_video_is_led_by_the_address_that_is_handed_out(headers: dict[str, str], ovs: Ovs) -> None:
    from ovs_mock import BackgroundPublisher

    created = httpx.post(f"{V1}/streams", headers=headers).json()
    assert created["publish"]["url"] == ovs.livekit_url
    with BackgroundPublisher(created["publish"]["url"], created["publish"]["token"]) as publisher:
        publisher.publish_generated(320, 180)
        ovs.wait_for_frames(created["id"], 2)


def test_livekits_own_host_leads_to_the_mock(ovs_intercepted: Ovs) -> None:
    with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
        websockets.sync.client.connect("wss://livekit.overshoot.ai/rtc/v1?access_token=none")
    assert refused.value.response.status_code == 401


def test_with_truststore_in_the_place_of_ssl() -> None:
    """Injected before anything of ours is imported, as applications are told to do."""
    code = """
import truststore
truststore.inject_into_ssl()
import httpx, requests
from ovs_mock import BackgroundMock, Guard
url = "https://api.overshoot.ai/v1/models"
with BackgroundMock() as mock:
    with mock.intercept():
        print(httpx.get(url).status_code, requests.get(url, timeout=10).status_code)
with Guard():
    try:
        httpx.get(url)
    except httpx.ConnectError as error:
        print("ovs.intercept()" in str(error))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["200", "200", "True"], done.stderr[-2000:]
