"""``/healthz``, ``/readyz`` and ``/metrics``; open to all."""

from aiohttp import web

from ovs_mock.api.responses import respond
from ovs_mock.api.service.metrics import EventMetrics
from ovs_mock.runtime.runtime import Runtime


class ServiceHandlers:
    """The service endpoints of one mock."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._metrics = EventMetrics()
        runtime.subscribe(self._metrics.count)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/healthz", self.healthz),
            web.get("/readyz", self.readyz),
            web.get("/metrics", self.metrics),
        ]

    async def healthz(self, request: web.Request) -> web.StreamResponse:
        return respond(200, {"status": "ok"})

    async def readyz(self, request: web.Request) -> web.StreamResponse:
        """503 while the server takes no new work."""
        if self._runtime.current_state().draining:
            return respond(503, {"status": "draining"})
        return respond(200, {"status": "ready"})

    async def metrics(self, request: web.Request) -> web.StreamResponse:
        text = self._metrics.text(self._runtime.current_state())
        headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return web.Response(body=text.encode(), headers=headers)
