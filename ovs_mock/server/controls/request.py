"""A request to the controls: its access check, its content and its response."""

from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web

from ovs_mock.api.auth import bearer_key
from ovs_mock.api.operation import Operation
from ovs_mock.api.responses import respond
from ovs_mock.server.context import ServerContext
from ovs_mock.server.controls.access import denial
from ovs_mock.server.controls.errors import ControlRequestError
from ovs_mock.server.controls.operations import ALL_BELOW, CONTROL_PREFIX, OPERATIONS, TENANTS
from ovs_mock.server.tenant import Tenant
from ovs_mock.server.tenants import Tenants

if TYPE_CHECKING:
    from ovs_mock.server.controls.schemas import Body

B = TypeVar("B", bound="Body")
WHICH = "say which one is meant by its key, in the header 'Authorization: Bearer <api_key>'"


class ControlRequest:
    """What a control gets: the request, its tenant, and the server."""

    def __init__(self, request: web.Request, tenant: Tenant, tenants: Tenants, server: ServerContext) -> None:
        self.request = request
        self.tenant = tenant
        self.tenants = tenants
        self.server = server

    def path(self, name: str) -> str:
        """The value of a placeholder in the path."""
        return self.request.match_info[name]

    async def body(self, schema: type[B]) -> B:
        """The body, checked; raises InvalidControlBodyError."""
        return schema.read(await self.request.read())


async def answer(control: ControlRequest, operation: Operation) -> web.StreamResponse:
    """Answer with the JSON that the control returns, or with ``{"error": …}``."""
    request = control.request
    reason = denial(request.host, request.headers.get("Origin"), allow_other_hosts=control.server.open_control)
    if reason is not None:
        return _error(403, reason)
    try:
        _require_tenant(control)
        act: Any = operation.load()
        return respond(200, await act(control))
    except ControlRequestError as error:
        return _error(error.status, str(error))


async def not_found(control: ControlRequest) -> Any:
    """404, with a list of the controls."""
    known = ", ".join(f"{each.method} {CONTROL_PREFIX}{each.path}" for each in OPERATIONS if each.path != ALL_BELOW)
    request = control.request
    raise ControlRequestError(404, f"there is no {request.method} {request.path}; the controls are {known}")


def _require_tenant(control: ControlRequest) -> None:
    """ControlRequestError when the control is about one tenant, and the request does not tell which."""
    request, tenants = control.request, control.tenants
    if request.path == CONTROL_PREFIX + TENANTS and request.method != "DELETE":
        return
    key = bearer_key(request.headers.get("Authorization"))
    if key is None and tenants.external:
        raise ControlRequestError(400, f"{len(tenants)} tenants are open: {WHICH}")
    if tenants.was_closed(key):
        raise ControlRequestError(404, f"the tenant of this key has been closed: {WHICH}")


def _error(status: int, message: str) -> web.Response:
    return respond(status, {"error": message})
