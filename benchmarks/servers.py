"""The servers to compare, each as a process: ``python servers.py mock|bare|httpserver``.

Prints ``{"url": …, "api_key": …}`` once it listens, and ends on SIGTERM.
"""

import asyncio
import importlib
import json
import sys

from aiohttp import web

MODELS = [{"model": f"maker/model-{number}", "status": "ready", "ready": True} for number in range(8)]
CREATED = {
    "stream_id": "00000000-0000-4000-8000-000000000000",
    "lease": {"ttl_seconds": 45},
    "livekit": {"url": "ws://127.0.0.1:1", "token": "t" * 400},
}


async def bare() -> None:
    """What aiohttp alone costs: the same methods, answered with constants of about the same size."""

    async def get(_: web.Request) -> web.Response:
        return web.json_response(MODELS)

    async def post(request: web.Request) -> web.Response:
        await request.json()
        return web.json_response(CREATED, status=201)

    app = web.Application()
    app.router.add_get("/v0.2/models", get)
    app.router.add_get("/v0.2/healthz", get)
    app.router.add_post("/v0.2/streams", post)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    _tell(f"http://127.0.0.1:{runner.addresses[0][1]}", "none")
    await asyncio.Event().wait()


async def mock() -> None:
    """The mock, for one key with any number of streams."""
    from ovs_mock import MockServer, Settings

    async with MockServer(Settings(seed=1, concurrent_streams=1_000_000), clock="frozen") as server:
        _tell(server.url, server.api_key)
        await asyncio.Event().wait()


async def httpserver() -> None:
    """pytest-httpserver with one handler."""
    # A peer, which type checkers cannot find.
    server_of = importlib.import_module("pytest_httpserver").HTTPServer
    with server_of(host="127.0.0.1", port=0) as server:
        server.expect_request("/v0.2/models").respond_with_json(MODELS)
        _tell(server.url_for(""), "none")
        await asyncio.Event().wait()


def _tell(url: str, api_key: str) -> None:
    print(json.dumps({"url": url, "api_key": api_key}), flush=True)


if __name__ == "__main__":
    asyncio.run({"bare": bare, "mock": mock, "httpserver": httpserver}[sys.argv[1]]())
