"""The control endpoints, and who may use them."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from ovs_mock.model import ScriptedModel
from ovs_mock.runtime.frame_injector import FrameInjector
from ovs_mock.runtime.runtime import Runtime
from ovs_mock.server.controls.access import refusal
from ovs_mock.server.controls.accounts import AccountControls
from ovs_mock.server.controls.clock import ClockControls
from ovs_mock.server.controls.endpoint import ControlRequestError, Endpoint, Endpoints, problem, respond
from ovs_mock.server.controls.models import ModelControls

PREFIX = "/_mock"

Handler = Callable[[web.Request], Awaitable[web.Response]]


class ControlHandlers:
    """The controls of one mock. ``more`` are those of whoever stands above; ``check`` may refuse a request,
    and ``taken`` tells of keys that lead to another mock.
    """

    def __init__(
        self,
        runtime: Runtime,
        footage: FrameInjector,
        model: ScriptedModel,
        *,
        more: Endpoints | None = None,
        check: Callable[[web.Request], None] | None = None,
        taken: Callable[[str], bool] = lambda key: False,
        allow_other_hosts: bool = False,
    ) -> None:
        self._allow_other_hosts = allow_other_hosts
        self._check = check
        self._endpoints = {
            **ClockControls(runtime, footage).endpoints(),
            **AccountControls(runtime, taken).endpoints(),
            **ModelControls(runtime, model).endpoints(),
            **(more or {}),
        }

    def routes(self) -> list[web.RouteDef]:
        known = [web.route(verb, PREFIX + path, self._guarded(act)) for (verb, path), act in self._endpoints.items()]
        return [*known, web.route("*", PREFIX + "{rest:(/.*)?}", self._guarded(self.nothing))]

    async def nothing(self, request: web.Request) -> None:
        """What is asked for is not there."""
        known = ", ".join(f"{verb} {PREFIX}{path}" for verb, path in self._endpoints)
        raise ControlRequestError(404, f"there is no {request.method} {request.path}; the controls are {known}")

    def _guarded(self, endpoint: Endpoint) -> Handler:
        async def guarded(request: web.Request) -> web.Response:
            origin = request.headers.get("Origin")
            why = refusal(request.host, origin, allow_other_hosts=self._allow_other_hosts)
            if why is not None:
                return problem(403, why)
            try:
                if self._check:
                    self._check(request)
                return respond(200, await endpoint(request))
            except ControlRequestError as error:
                return problem(error.status, str(error))

        return guarded
