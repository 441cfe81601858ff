"""``/healthz``, ``/readyz`` and ``/metrics``; open to all."""

from aiohttp import web

from ovs_mock.api.call import ApiCall
from ovs_mock.api.responses import respond


async def healthz(call: ApiCall) -> web.StreamResponse:
    return respond(200, {"status": "ok"})


async def readyz(call: ApiCall) -> web.StreamResponse:
    """503 while the server takes no new work."""
    if call.runtime.state.draining:
        return respond(503, {"status": "draining"})
    return respond(200, {"status": "ready"})


async def metrics(call: ApiCall) -> web.StreamResponse:
    text = call.state.metrics.text(call.runtime.current_state())
    headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
    return web.Response(body=text.encode(), headers=headers)
