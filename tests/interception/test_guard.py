"""Nothing reaches the real API, and whoever tries is told from where."""

import asyncio
import inspect
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import aiohttp
import httpx
import openai
import pytest
import requests
import trio
import trustme
import uvloop
import websockets.asyncio.client
import websockets.sync.client
from ovs_support.interception import proxy

from ovs_mock import BackgroundMock, Guard, OvsGuardError, Settings

URL = "https://api.overshoot.ai/v1/models"
SOCKET = "wss://api.overshoot.ai/v0.2/ws/streams/1"


@pytest.fixture(scope="module")
def mock() -> Iterator[BackgroundMock]:
    with BackgroundMock(Settings(seed=1)) as mock:
        yield mock


@pytest.fixture
def guard() -> Iterator[Guard]:
    with Guard() as guard:
        yield guard


def here(offset: int = 0) -> str:
    """The caller's line, as the guard should say it."""
    frame = inspect.currentframe()
    assert frame
    assert frame.f_back
    return f"tests/interception/test_guard.py:{frame.f_back.f_lineno + offset} in {frame.f_back.f_code.co_name}"


def assert_blocked(guard: Guard, call_site: str, action: str = "looked up its address") -> None:
    (attempt,) = guard.attempts
    assert (attempt.host, attempt.call_site, attempt.action) == ("api.overshoot.ai", call_site, action)


def test_httpx(guard: Guard) -> None:
    with pytest.raises(httpx.ConnectError, match=r"with ovs\.intercept"):
        httpx.get(URL)
    assert_blocked(guard, here(-1))


def test_openai_tries_again_and_is_told_once(guard: Guard) -> None:
    with openai.OpenAI(base_url="https://api.overshoot.ai/v1", api_key="ovs-x", max_retries=1) as client:
        with pytest.raises(openai.APIConnectionError):
            client.models.list()
        assert_blocked(guard, here(-1))
    assert "tried 2 times" in guard.report()


def test_requests(guard: Guard) -> None:
    with pytest.raises(requests.ConnectionError, match="ovs-mock blocked a connection to the real"):
        requests.get(URL, timeout=10)
    assert_blocked(guard, here(-1))


def test_websockets(guard: Guard) -> None:
    with pytest.raises(OvsGuardError):
        websockets.sync.client.connect(SOCKET)
    assert_blocked(guard, here(-1))


async def by_httpx() -> None:
    async with httpx.AsyncClient() as client:
        await client.get(URL)


async def by_aiohttp() -> None:
    async with aiohttp.ClientSession() as session:
        await session.get(URL)


async def by_aiohttp_socket() -> None:
    async with aiohttp.ClientSession() as session:
        await session.ws_connect(SOCKET)


async def by_websockets() -> None:
    await websockets.asyncio.client.connect(SOCKET)


@pytest.mark.parametrize("reach", [by_httpx, by_aiohttp, by_aiohttp_socket, by_websockets])
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_asyncio(reach: Callable[[], object], loop: Callable[[], asyncio.AbstractEventLoop], guard: Guard) -> None:
    with asyncio.Runner(loop_factory=loop) as runner, pytest.raises((OSError, httpx.ConnectError)):
        runner.run(reach())  # type: ignore[arg-type]
    (attempt,) = guard.attempts
    assert f"in {reach.__name__}" in str(attempt.call_site)


def test_an_event_loop_that_is_imported_later() -> None:
    """As servers do when they start."""
    code = """
import asyncio, httpx
from ovs_mock import Guard
with Guard() as guard:
    import uvloop
    async def reach():
        async with httpx.AsyncClient() as client:
            await client.get("https://api.overshoot.ai/v1/models")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(reach())
        except httpx.ConnectError:
            print(guard.report())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "looked up its address" in done.stdout


def test_trio_which_resolves_on_another_thread(guard: Guard) -> None:
    with pytest.raises(httpx.ConnectError):
        trio.run(by_httpx)
    (attempt,) = guard.attempts
    assert "in by_httpx" in str(attempt.call_site)


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.getaddrinfo(b"API.overshoot.ai.", "https"),
        lambda: socket.gethostbyname("overshoot.ai"),
        lambda: socket.gethostbyname_ex("turn.overshoot.ai"),
        lambda: socket.socket().connect(("api.overshoot.ai", 80)),
        lambda: socket.socket().connect_ex(("api.overshoot.ai", 443)),
    ],
)
def test_every_way_to_an_address(reach: Callable[[], object], guard: Guard, recwarn: object) -> None:
    with pytest.raises(OvsGuardError):
        reach()
    assert len(guard.attempts) == 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", None, "notovershoot.ai.localhost"])
def test_others_are_let_through(host: str | None, guard: Guard) -> None:
    with suppress(socket.gaierror):
        socket.getaddrinfo(host, 80)
    assert guard.attempts == []


def test_a_proxy_is_noticed_where_tls_begins(guard: Guard) -> None:
    action = "began TLS with it on a connection made by other means, as through a proxy"
    with proxy() as url, httpx.Client(proxy=url) as client:
        with pytest.raises(httpx.ConnectError, match="as through a proxy"):
            client.get(URL)
        assert_blocked(guard, here(-1), action)


async def test_a_proxy_is_noticed_on_event_loops(guard: Guard) -> None:
    with proxy() as url:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(OSError, match="as through a proxy"):
                await session.get(URL, proxy=url)
    assert len(guard.attempts) == 1


def test_a_connection_from_before_is_not_written_to() -> None:
    context = ssl.create_default_context()
    connection = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="api.overshoot.ai")
    with Guard() as guard, pytest.raises(OvsGuardError, match="new client"):
        connection.write(b"GET / HTTP/1.1\r\n\r\n")
    assert_blocked(guard, here(-1), "wrote to a connection that was open before")


@pytest.mark.parametrize("url", ["http://api.overshoot.ai/v1/models", "https://api.overshoot.ai:8443/v1/models"])
def test_only_the_port_of_the_api_leads_to_the_mock(url: str, mock: BackgroundMock) -> None:
    with mock.intercept(), pytest.raises(httpx.ConnectError, match="Only https:// and wss:// on port 443"):
        httpx.get(url)


def test_other_hosts_of_the_api_are_refused_unless_they_are_named(mock: BackgroundMock) -> None:
    with mock.intercept(), pytest.raises(httpx.ConnectError, match=r"takes other hosts"):
        httpx.get("https://lk.overshoot.ai")
    with mock.intercept("LK.overshoot.ai.", "vision.example"):
        assert httpx.get("https://lk.overshoot.ai/v1/models").status_code == 200
        assert httpx.get("https://vision.example/v1/models").status_code == 200


def test_the_real_host_behind_a_proxy_is_not_trusted(mock: BackgroundMock) -> None:
    authority = trustme.CA()
    real = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("api.overshoot.ai").configure_cert(real)
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    for verify in (trust, False):
        with proxy(real) as url, httpx.Client(proxy=url, verify=verify) as older, mock.intercept(), Guard() as guard:
            with pytest.raises(httpx.ConnectError, match="another server than the mock"):
                older.get(URL)
            assert len(guard.attempts) == 1


async def test_the_real_host_behind_a_proxy_is_not_trusted_on_event_loops(mock: BackgroundMock) -> None:
    real = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("api.overshoot.ai").configure_cert(real)
    with proxy(real) as url, mock.intercept():
        async with httpx.AsyncClient(proxy=url) as client:
            with pytest.raises((httpx.ConnectError, OvsGuardError), match="another server than the mock"):
                await client.get(URL)


def test_an_address_from_an_interception_that_is_over_leads_nowhere(mock: BackgroundMock) -> None:
    with mock.intercept():
        address = socket.gethostbyname("api.overshoot.ai")
    with Guard(), socket.socket() as client, pytest.raises(OvsGuardError, match="an interception that is over"):
        client.connect((address, 443))


def test_a_guard_sees_all_threads(guard: Guard) -> None:
    def reach() -> None:
        with suppress(httpx.ConnectError):
            httpx.get(URL)

    thread = threading.Thread(target=reach)
    thread.start()
    thread.join()
    (attempt,) = guard.attempts
    assert "in reach" in str(attempt.call_site)


def test_guards_within_guards_all_hear_of_it(guard: Guard) -> None:
    with Guard() as inner, pytest.raises(OvsGuardError):
        socket.gethostbyname("api.overshoot.ai")
    assert guard.attempts == inner.attempts


def test_a_flood_of_attempts_is_bounded(guard: Guard) -> None:
    for number in range(200):
        with suppress(OvsGuardError):
            socket.gethostbyname(f"{number}.overshoot.ai")
    assert len(guard.attempts) == 100


def test_a_guard_stands_though_modules_were_cleared_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """As pytester does it with all that was first imported in a run within the run."""
    for name in ("policy", "sockets", "tls", "hooks", "patches"):
        __import__(f"ovs_mock.interception.{name}")
        monkeypatch.delitem(sys.modules, f"ovs_mock.interception.{name}")
    with Guard() as guard:
        with pytest.raises(httpx.ConnectError, match=r"with ovs\.intercept"):
            httpx.get(URL)
        assert_blocked(guard, here(-1))
