"""Whose request it is: the API key says so, or the stream that it is about."""

from collections import deque
from collections.abc import Awaitable, Iterator
from functools import partial

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.api.auth import bearer_key
from ovs_mock.runtime.livekit_tokens import unverified_room
from ovs_mock.server.controls.endpoint import ControlRequestError
from ovs_mock.server.tenant import Tenant

TENANT = web.RequestKey("tenant", Tenant)
ROOMS = "/rtc"
# Where tenants are opened and listed, which is about none of them.
OPENING = "/_mock/tenants"
WHICH = "say which one is meant by its key, in the header 'Authorization: Bearer <api_key>'"
REMEMBERED_KEYS = 10_000


class Tenants:
    """The tenants of one server, oldest first.

    Whoever nobody knows is taken in by the newest that is no *guest*. Guests are those that were opened over HTTP:
    several programs may have opened them, and none of these should meet another's strangers.
    """

    def __init__(self, first: Tenant) -> None:
        self._all = [first]
        self._guests: list[Tenant] = []
        self._departed: deque[str] = deque(maxlen=REMEMBERED_KEYS)

    def __iter__(self) -> Iterator[Tenant]:
        return iter(tuple(self._all))

    @property
    def guests(self) -> tuple[Tenant, ...]:
        """The tenants that were opened over HTTP."""
        return tuple(self._guests)

    def add(self, tenant: Tenant, *, guest: bool = False) -> None:
        if guest:
            # Before the others, whose newest is the last of all.
            self._all.insert(len(self._guests), tenant)
            self._guests.append(tenant)
        else:
            self._all.append(tenant)

    def remove(self, tenant: Tenant) -> None:
        """Forget a tenant. The key of a guest is good for nothing any more."""
        self._all.remove(tenant)
        if tenant in self._guests:
            self._guests.remove(tenant)
            self._departed.append(tenant.api_key)
            for host in self._all[len(self._guests) :]:
                host.runtime.engine.state.accounts.revoke(tenant.api_key)

    def taken(self, tenant: Tenant, key: str) -> bool:
        """Whether a key leads to another tenant, where one of both is a guest, and so may be another program's."""
        others = self._all if tenant in self._guests or tenant not in self._all else self._guests
        return any(other is not tenant and (other.api_key == key or other.knows(key)) for other in others)

    def check(self, request: web.Request) -> None:
        """ProblemError for a control that should be about one tenant, and does not say which."""
        if request.path == OPENING and request.method != "DELETE":
            return
        key = bearer_key(request.headers.get("Authorization"))
        if key is None and self._guests:
            raise ControlRequestError(400, f"{len(self._all)} tenants are open: {WHICH}")
        if key in self._departed and all(tenant.api_key != key for tenant in self._all):
            raise ControlRequestError(404, f"the tenant of this key has been closed: {WHICH}")

    def of(self, request: web.Request) -> Tenant:
        """The tenant whose key the request has, or whose stream it is about; else the newest that is no guest."""
        if len(self._all) == 1:
            return self._all[0]
        authorization = request.headers.get("Authorization")
        if request.path.startswith(ROOMS):
            # The token is checked later, by the tenant itself.
            room = unverified_room(request.query.get("access_token") or bearer_key(authorization) or "")
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
        def middleware(request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
            tenant = request[TENANT] = self.of(request)
            for each in reversed(tenant.middlewares):
                handler = partial(each, handler=handler)
            return handler(request)

        return middleware


def dispatched(route: web.RouteDef) -> web.RouteDef:
    """The same route, answered by the tenant whose request it is."""

    async def dispatch(request: web.Request) -> web.StreamResponse:
        return await request[TENANT].handler(route)(request)

    return web.RouteDef(route.method, route.path, dispatch, route.kwargs)
