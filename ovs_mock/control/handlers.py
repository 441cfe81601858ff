"""The control endpoints."""

import json
import math
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from ovs_mock.control import encode
from ovs_mock.control.guard import refusal
from ovs_mock.engine.events import Event
from ovs_mock.engine.instants import iso8601, micros
from ovs_mock.runtime.clock import ClockError
from ovs_mock.runtime.runtime import Runtime

PREFIX = "/_mock"

Endpoint = Callable[[web.Request], Awaitable[web.Response]]


class Control:
    """The controls of one mock."""

    def __init__(self, runtime: Runtime, *, allow_other_hosts: bool = False) -> None:
        self._runtime = runtime
        self._allow_other_hosts = allow_other_hosts

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(PREFIX + "/clock", self._guarded(self.clock)),
            web.post(PREFIX + "/clock/advance", self._guarded(self.advance)),
            web.post(PREFIX + "/clock/advance-to-next", self._guarded(self.advance_to_next)),
            web.get(PREFIX + "/streams", self._guarded(self.streams)),
        ]

    async def clock(self, request: web.Request) -> web.Response:
        return _respond(200, self._time())

    async def advance(self, request: web.Request) -> web.Response:
        """``{"seconds": 46}`` moves the clock; the answer lists what that fired, once it has been delivered."""
        duration = _seconds(await request.read())
        if duration is None:
            return _problem(422, 'send {"seconds": <a number, zero or more>}')
        return await self._moved(self._runtime.advance(micros(duration)))

    async def advance_to_next(self, request: web.Request) -> web.Response:
        return await self._moved(self._runtime.advance_to_next())

    async def streams(self, request: web.Request) -> web.Response:
        return _respond(200, [encode.stream(s) for s in self._runtime.look().streams.values()])

    async def _moved(self, move: Awaitable[list[Event]]) -> web.Response:
        try:
            events = await move
        except ClockError as error:
            return _problem(409, str(error))
        return _respond(200, {**self._time(), "events": [encode.event(e) for e in events]})

    def _time(self) -> dict[str, str]:
        return {"now": iso8601(self._runtime.clock.now())}

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        async def guarded(request: web.Request) -> web.Response:
            origin = request.headers.get("Origin")
            why = refusal(request.host, origin, allow_other_hosts=self._allow_other_hosts)
            return await endpoint(request) if why is None else _problem(403, why)

        return guarded


def _seconds(raw: bytes) -> float | None:
    """The duration that a body asks for, or ``None`` when it is not one."""
    try:
        asked = json.loads(raw)["seconds"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    number = isinstance(asked, int | float) and not isinstance(asked, bool)
    return float(asked) if number and math.isfinite(asked) and 0 <= asked < 1e12 else None


def _problem(status: int, message: str) -> web.Response:
    return _respond(status, {"error": message})


def _respond(status: int, body: Any) -> web.Response:
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")
