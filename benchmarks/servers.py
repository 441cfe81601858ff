"""The servers to compare, each as a process: ``python servers.py mock|bare|fair``.

Prints ``{"url": …, "api_key": …}`` once it listens, and ends on SIGTERM.
"""

import asyncio
import json
import sys
from uuid import uuid4

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

    await _serve(web.get("/v0.2/models", get), web.get("/v0.2/healthz", get), web.post("/v0.2/streams", post))


async def mock() -> None:
    """The mock, for one key with any number of streams."""
    from ovs_mock import MockServer, Settings

    async with MockServer(Settings(seed=1, concurrent_streams=1_000_000), clock="frozen") as server:
        _tell(server.url, server.api_key)
        await asyncio.Event().wait()


async def fair() -> None:
    """aiohttp alone, with a handler that checks the body of a new stream and signs a token for it, as it must be."""
    import jwt

    from ovs_mock.api.v02.schemas import CreateStreamBody

    async def post(request: web.Request) -> web.Response:
        CreateStreamBody.model_validate(await request.json())
        stream_id = str(uuid4())
        claims = {
            "iss": "ovs-mock",
            "sub": "publisher",
            "jti": stream_id,
            "nbf": 0,
            "exp": 600,
            "video": {"room": stream_id, "roomJoin": True, "canPublish": True, "canSubscribe": True},
        }
        token = jwt.encode(claims, "s" * 64, algorithm="HS256")
        livekit = {"url": "ws://127.0.0.1:1", "token": token}
        return web.json_response({**CREATED, "stream_id": stream_id, "livekit": livekit}, status=201)

    await _serve(web.post("/v0.2/streams", post))


async def _serve(*routes: web.RouteDef) -> None:
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    _tell(f"http://127.0.0.1:{runner.addresses[0][1]}", "none")
    await asyncio.Event().wait()


def _tell(url: str, api_key: str) -> None:
    print(json.dumps({"url": url, "api_key": api_key}), flush=True)


if __name__ == "__main__":
    asyncio.run({"bare": bare, "mock": mock, "fair": fair}[sys.argv[1]]())
