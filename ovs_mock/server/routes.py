"""The routes of a server, and the middleware that resolves each request once: its route, version and tenant."""

from collections.abc import Awaitable, Iterator

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.api.auth import bearer_key
from ovs_mock.api.billing.operations import OPERATIONS as BILLING
from ovs_mock.api.call import CALL, ApiCall
from ovs_mock.api.operation import Operation, OperationKind
from ovs_mock.api.reference.operations import operations as reference
from ovs_mock.api.service.operations import OPERATIONS as SERVICE
from ovs_mock.api.version import ApiVersion
from ovs_mock.api.versions import owner, root
from ovs_mock.ingest.livekit.handlers import LiveKitHandlers
from ovs_mock.server.context import ServerContext
from ovs_mock.server.controls.operations import CONTROL_PREFIX, OPERATIONS
from ovs_mock.server.controls.request import ControlRequest, answer
from ovs_mock.server.tenant import Tenant
from ovs_mock.server.tenants import Tenants

TENANT = web.RequestKey("tenant", Tenant)


class Routes:
    """All routes of one server."""

    def __init__(self, context: ServerContext, tenants: Tenants) -> None:
        self._context = context
        self._tenants = tenants
        self._known: dict[Handler, tuple[OperationKind, ApiVersion | None]] = {}

    def definitions(self) -> Iterator[web.RouteDef]:
        """The routes for aiohttp."""
        for version in self._context.versions:
            for operation in version.operations():
                for path in version.paths(operation):
                    yield self._route(operation, path, version)
        for operation in (*BILLING, *SERVICE):
            yield self._route(operation, operation.path, None)
        for operation in OPERATIONS:
            yield self._route(operation, CONTROL_PREFIX + operation.path, None)
        for room in LiveKitHandlers(lambda request: request[TENANT].gateway.rooms).routes():
            self._known[room.handler] = (OperationKind.ROOM, None)
            yield room
        for operation in reference(self._context.versions):
            yield self._route(operation, operation.path, owner(operation.path, self._context.versions))

    def resolver(self) -> Middleware:
        """Puts the tenant and the ApiCall of each request on it."""
        tenants, known = self._tenants, self._known
        versions, public_url = self._context.versions, self._context.public_url

        @web.middleware
        def middleware(request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
            route = known.get(request.match_info.handler)
            kind, version = route or (OperationKind.CALL, owner(request.path, versions))
            key = bearer_key(request.headers.get("Authorization"))
            tenant = request[TENANT] = tenants.find(request, kind, key)
            request[CALL] = ApiCall(request, tenant.api, kind, version, key, public_url)
            return handler(request)

        return middleware

    def root(self) -> ApiVersion:
        """The version that reports the errors of paths without a version."""
        return root(self._context.versions)

    def _route(self, operation: Operation, path: str, version: ApiVersion | None) -> web.RouteDef:
        handler = self._control(operation) if operation.kind is OperationKind.CONTROL else _api(operation)
        self._known[handler] = (operation.kind, version)
        return web.route(operation.method, path, handler)

    def _control(self, operation: Operation) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            return await answer(ControlRequest(request, request[TENANT], self._tenants, self._context), operation)

        return handler


def _api(operation: Operation) -> Handler:
    loaded = None

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal loaded
        if loaded is None:
            loaded = operation.load()
        return await loaded(request[CALL])

    return handler
