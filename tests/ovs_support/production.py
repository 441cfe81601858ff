"""A server that plays production: TLS by its own authority, no controls, slow at times, out of order at others.

It is a mock in a process of its own behind a proxy on a thread. The proxy writes down what it was asked, and when.
"""

import asyncio
import contextlib
import json
import random  # noqa: TID251 - seeded: which answers are out of order is part of a test
import ssl
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import trustme
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web
from ovs_contracts.transport.realtime import stopwatch

HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding", "upgrade", "content-encoding"}


@dataclass(frozen=True)
class Asked:
    """A call as it came in, and how it was answered."""

    at: float
    method: str
    path: str
    status: int
    body: bytes = b""


@dataclass
class Production:
    """``origin`` is what clients are given; ``mock`` is the way around the proxy, to see what really is there."""

    origin: str = ""
    mock: str = ""
    ca_bundle: Path = Path()
    asked: list[Asked] = field(default_factory=list)
    out_of_order: float = 0.0
    """How likely an answer is a 503."""
    slowness: float = 0.0
    """Seconds that each answer takes."""

    def streams(self) -> list[dict[str, Any]]:
        """What the mock knows, whoever asked for it."""
        shown: list[dict[str, Any]] = httpx.get(f"{self.mock}/_mock/streams", trust_env=False).json()
        return shown

    def running(self) -> list[str]:
        return [stream["stream_id"] for stream in self.streams() if stream["end_reason"] is None]

    def calls(self, method: str, path: str = "") -> list[Asked]:
        return [call for call in self.asked if call.method == method and path in call.path]

    def wait_for(self, holds: Callable[[], bool], timeout: float = 30) -> None:
        until = stopwatch() + timeout
        while not holds():
            assert stopwatch() < until, f"waited in vain; asked was {self.asked[-5:]}"
            threading.Event().wait(0.02)


@contextmanager
def production(
    folder: Path, *options: str, seed: int = 1, out_of_order: float = 0.0, slowness: float = 0.0
) -> Iterator[Production]:
    """Production for as long as this block runs. ``options`` are those of ``ovs-mock serve``."""
    authority = trustme.CA()
    bundle = folder / "authority.pem"
    authority.cert_pem.write_to_path(bundle)
    played = Production(ca_bundle=bundle, out_of_order=out_of_order, slowness=slowness)
    with _mock(*options) as played.mock, _proxied(played, authority, seed):
        yield played


@contextmanager
def _mock(*options: str) -> Iterator[str]:
    command = [sys.executable, "-m", "ovs_mock", "serve", "--json", "--log-level", "error", "--port", "0"]
    with subprocess.Popen([*command, "--latency", "0.02", *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["v1"].removesuffix("/v1")
        finally:
            process.terminate()


@contextmanager
def _proxied(played: Production, authority: trustme.CA, seed: int) -> Iterator[None]:
    chance = random.Random(seed)  # noqa: S311 - which answers are out of order is no secret
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(tls)
    loop = asyncio.new_event_loop()
    runner = loop.run_until_complete(_started(played, tls, chance))
    thread = threading.Thread(target=loop.run_forever, name="production", daemon=True)
    thread.start()
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


async def _started(played: Production, tls: ssl.SSLContext, chance: random.Random) -> web.AppRunner:
    proxy = _Proxy(played, chance)
    application = web.Application(client_max_size=64 * 1024 * 1024)
    application.router.add_route("*", "/{path:.*}", proxy.handle)
    application.cleanup_ctx.append(proxy.client)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    port = runner.addresses[0][1]
    played.origin = f"https://127.0.0.1:{port}"
    return runner


class _Proxy:
    def __init__(self, played: Production, chance: random.Random) -> None:
        self._played = played
        self._chance = chance

    async def client(self, application: web.Application) -> AsyncIterator[None]:
        async with ClientSession(auto_decompress=False) as self._client:
            yield

    async def handle(self, request: web.Request) -> web.StreamResponse:
        at, body = stopwatch(), await request.read()
        response = await self._answer(request, body)
        self._played.asked.append(Asked(at, request.method, request.path_qs, response.status, body))
        return response

    async def _answer(self, request: web.Request, body: bytes) -> web.StreamResponse:
        if request.path.startswith("/_mock"):
            return web.json_response({"detail": "Not Found"}, status=404)
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._socket(request)
        await asyncio.sleep(self._played.slowness)
        if self._chance.random() < self._played.out_of_order:
            return web.json_response({"detail": "upstream connect error"}, status=503)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP}
        url = self._played.mock + request.path_qs
        async with self._client.request(
            request.method, url, data=body or None, headers=headers, allow_redirects=False
        ) as answer:
            kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in HOP]
            response = web.Response(status=answer.status, body=await answer.read())
            response.headers.clear()
            for name, value in kept:
                response.headers.add(name, value)
            return response

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        ours = web.WebSocketResponse(autoclose=False)
        await ours.prepare(request)
        async with self._client.ws_connect(self._played.mock + request.path_qs, autoclose=False) as theirs:
            sending = asyncio.create_task(_forward(ours, theirs))
            await _forward(theirs, ours)
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sending
        return ours


async def _forward(source: Any, sink: ClientWebSocketResponse | web.WebSocketResponse) -> None:
    """Messages as they come, and at last the close frame."""
    while True:
        message = await source.receive()
        match message.type:
            case WSMsgType.TEXT:
                await sink.send_str(message.data)
            case WSMsgType.BINARY:
                await sink.send_bytes(message.data)
            case _:
                await sink.close(code=source.close_code or 1000, message=(message.extra or "").encode())
                return
