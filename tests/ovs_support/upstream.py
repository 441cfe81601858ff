"""A server that answers when a test lets it, for what stands between a client and a server."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from aiohttp import WSMsgType, web

from ovs_mock.util.loop_thread import LoopThread

KEY = "ovs-the-real-key"

Headers = dict[str, str]


class Upstream:
    """Makes streams, ends them after ``refusals`` answers of 503, sends events one by one, and drops sockets."""

    def __init__(self) -> None:
        self.origin = ""
        self.asked: list[tuple[str, str, Headers]] = []
        self.running: set[str] = set()
        self.heard: list[str] = []
        self.refusals = 0
        self.waiting = 0
        """Creates that wait to be let go."""
        self.thread = LoopThread("upstream")
        self._made = 0
        self._go: asyncio.Event

    def let_go(self) -> None:
        """Go on with whatever waits."""
        self.thread.call(self._go.set)

    def forget(self) -> None:
        """Begin again."""
        self.asked.clear()
        self.heard.clear()
        self.running.clear()
        self.thread.call(self._go.clear)

    async def start(self) -> web.AppRunner:
        self._go = asyncio.Event()
        app = web.Application()
        app.add_routes(
            [
                web.post("/v1/streams", self._create),
                web.post("/v1beta/streams", self._create_slowly),
                web.get("/v1/streams/{id}", self._status),
                web.get("/v0.2/streams/{id}/info", self._status),
                web.post("/v0.2/streams", self._create),
                web.delete("/{version}/streams/{id}", self._delete),
                web.get("/events", self._events),
                web.get("/socket", self._socket),
                web.get("/healthz", self._plain),
                web.get("/billing/pricing", self._prices),
                web.route("*", "/echo", self._echo),
            ]
        )
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def _plain(self, request: web.Request) -> web.Response:
        return web.json_response({})

    async def _prices(self, request: web.Request) -> web.Response:
        return web.json_response([])

    async def _create(self, request: web.Request) -> web.Response:
        self._note(request)
        self._made += 1
        # An id is never given twice.
        stream_id = str(UUID(int=self._made))
        self.running.add(stream_id)
        return web.json_response({"id": stream_id, "lease": {"ttl_seconds": 300}}, status=201)

    async def _create_slowly(self, request: web.Request) -> web.Response:
        self.waiting += 1
        await self._go.wait()
        return await self._create(request)

    async def _status(self, request: web.Request) -> web.Response:
        known = request.match_info["id"] in self.running
        return web.json_response({"state": "running"} if known else {}, status=200 if known else 404)

    async def _delete(self, request: web.Request) -> web.Response:
        self._note(request)
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=503)
        self.running.discard(request.match_info["id"])
        return web.Response()

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"data: one\n\n")
        await self._go.wait()
        await response.write(b"data: two\n\n")
        return response

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=["ovs"])
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.heard.append(message.data)
            match message.data:
                case "drop":
                    assert request.transport is not None
                    request.transport.abort()
                case "close":
                    await socket.close(code=4001, message=b"for a reason")
                case bytes(data):
                    await socket.send_bytes(data[::-1])
                case text:
                    await socket.send_str(f"heard {text}")
        self.heard.append(f"closed {socket.close_code}")
        self._go.set()
        return socket

    async def _echo(self, request: web.Request) -> web.Response:
        self._note(request)
        response = web.Response(status=418, reason="Teapot", body=await request.read())
        response.headers.add("X-Twice", "1")
        response.headers.add("X-Twice", "2")
        response.set_cookie("seen", "before")
        if "zipped" in request.query:
            response.enable_compression(web.ContentCoding.gzip)
        response.headers["X-Query"] = request.rel_url.raw_query_string
        return response

    def _note(self, request: web.Request) -> None:
        self.asked.append((request.method, request.path, dict(request.headers)))


@contextmanager
def upstream() -> Iterator[Upstream]:
    """The server for as long as this block runs."""
    server = Upstream()
    server.thread.start()
    runner: Any = server.thread.run(server.start())
    try:
        yield server
    finally:
        server.thread.run(runner.cleanup())
        server.thread.stop()
