"""The middlewares that every request passes on its way to its handler, the outermost first."""

from collections.abc import Awaitable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.api.access_log import log_access
from ovs_mock.api.call import CALL
from ovs_mock.api.cors_middleware import cors
from ovs_mock.api.error_middleware import error_middleware
from ovs_mock.api.operation import OperationKind
from ovs_mock.server.routes import TENANT, Routes


def middlewares(routes: Routes) -> list[Middleware]:
    """The journal is outside of the faults, as it shows what a client gets; faults may cause errors, too."""
    return [log_access, cors, routes.resolver(), _record, _apply_faults, error_middleware(routes.root)]


@web.middleware
def _record(request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
    if request[CALL].kind is OperationKind.CONTROL:
        return handler(request)
    return request[TENANT].recorder.record(request, handler)


@web.middleware
def _apply_faults(request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
    return request[TENANT].faults.middleware(request, handler)
