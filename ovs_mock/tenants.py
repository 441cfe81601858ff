"""Whose request it is: the API key says so, or the stream that it is about."""

from collections.abc import Iterator
from functools import partial

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.runtime.tokens import room_of
from ovs_mock.tenant import Tenant
from ovs_mock.wire.auth import bearer_key

TENANT = web.RequestKey("tenant", Tenant)
ROOMS = "/rtc"


class Tenants:
    """The tenants of one server, oldest first. The newest takes in whoever nobody knows."""

    def __init__(self, first: Tenant) -> None:
        self._all = [first]

    def __iter__(self) -> Iterator[Tenant]:
        return iter(tuple(self._all))

    def add(self, tenant: Tenant) -> None:
        self._all.append(tenant)

    def remove(self, tenant: Tenant) -> None:
        self._all.remove(tenant)

    def of(self, request: web.Request) -> Tenant:
        """The tenant whose key the request has, or whose stream it is about; else the newest."""
        if len(self._all) == 1:
            return self._all[0]
        authorization = request.headers.get("Authorization")
        if request.path.startswith(ROOMS):
            # The token is checked later, by the tenant itself.
            room = room_of(request.query.get("access_token") or bearer_key(authorization) or "")
            return next((tenant for tenant in self._all if tenant.has(room)), self._all[-1])
        key = bearer_key(authorization)
        if key is not None:
            return self._of_key(key)
        stream_id = request.match_info.get("stream_id")
        return next((tenant for tenant in self._all if stream_id and tenant.has(stream_id)), self._all[-1])

    def _of_key(self, key: str) -> Tenant:
        """A key that was tried on another tenant's socket is known there too, so its own tenant goes first."""
        own = next((tenant for tenant in self._all if tenant.api_key == key), None)
        return own or next((tenant for tenant in reversed(self._all) if tenant.knows(key)), self._all[-1])

    def middleware(self) -> Middleware:
        """Send each request through what its own tenant does with it."""

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            tenant = request[TENANT] = self.of(request)
            for each in reversed(tenant.middlewares):
                handler = partial(each, handler=handler)
            return await handler(request)

        return middleware


def dispatched(route: web.RouteDef) -> web.RouteDef:
    """The same route, answered by the tenant whose request it is."""

    async def dispatch(request: web.Request) -> web.StreamResponse:
        return await request[TENANT].handler(route)(request)

    return web.RouteDef(route.method, route.path, dispatch, route.kwargs)
