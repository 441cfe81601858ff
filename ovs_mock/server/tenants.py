"""The tenants of a server, and how the tenant of a request is found."""

from collections import deque
from collections.abc import Iterator
from itertools import count

from aiohttp import web

from ovs_mock.api.auth import bearer_key
from ovs_mock.api.operation import OperationKind
from ovs_mock.runtime.livekit_tokens import unverified_room
from ovs_mock.server.tenant import Tenant

REMEMBERED_KEYS = 10_000


class Tenants:
    """The tenants of one server, oldest first.

    A request with an unknown key belongs to the newest tenant that is not external. External tenants were opened over
    HTTP, perhaps by several programs, and none of them gets requests that name no tenant.
    """

    def __init__(self) -> None:
        self._all: list[Tenant] = []
        self._external: list[Tenant] = []
        self.numbers = count(1)
        """Numbers for the names of external tenants."""
        self._closed_keys: deque[str] = deque(maxlen=REMEMBERED_KEYS)

    def __iter__(self) -> Iterator[Tenant]:
        return iter(tuple(self._all))

    def __len__(self) -> int:
        return len(self._all)

    @property
    def external(self) -> tuple[Tenant, ...]:
        """The tenants that were opened over HTTP."""
        return tuple(self._external)

    def add(self, tenant: Tenant, *, external: bool = False) -> None:
        if external:
            # Before the others, as the newest of those is the last of all.
            self._all.insert(len(self._external), tenant)
            self._external.append(tenant)
        else:
            self._all.append(tenant)

    def remove(self, tenant: Tenant) -> None:
        """Forget a tenant. The key of an external one is valid no more."""
        self._all.remove(tenant)
        if tenant in self._external:
            self._external.remove(tenant)
            self._closed_keys.append(tenant.api_key)
            for other in self._all[len(self._external) :]:
                other.runtime.state.accounts.revoke(tenant.api_key)

    async def close(self, tenant: Tenant) -> None:
        """Forget a tenant and disconnect its clients; nothing happens when it was closed before."""
        if tenant in self._all:
            self.remove(tenant)
            await tenant.disconnect()
            await tenant.close()

    def is_taken(self, key: str, tenant: Tenant) -> bool:
        """Whether a key that ``tenant`` wants leads to another one, where either is external."""
        others = self._all if tenant in self._external or tenant not in self._all else self._external
        return any(other is not tenant and (other.api_key == key or other.knows(key)) for other in others)

    def was_closed(self, key: str | None) -> bool:
        """Whether a key was that of an external tenant that has been closed."""
        return key in self._closed_keys and all(tenant.api_key != key for tenant in self._all)

    def find(self, request: web.Request, kind: OperationKind, key: str | None) -> Tenant:
        """The tenant with the key of a request, or with the stream that its path or LiveKit token names."""
        if len(self._all) == 1:
            return self._all[0]
        if kind is OperationKind.ROOM:
            # The tenant itself verifies the token.
            return self._with_stream(unverified_room(request.query.get("access_token") or key or ""))
        if key is not None:
            return self._with_key(key)
        return self._with_stream(request.match_info.get("stream_id"))

    def for_request(self, request: web.Request) -> Tenant:
        """``find`` for a request whose route has not been resolved."""
        room = request.path == "/rtc" or request.path.startswith("/rtc/")
        kind = OperationKind.ROOM if room else OperationKind.CALL
        return self.find(request, kind, bearer_key(request.headers.get("Authorization")))

    def _with_key(self, key: str) -> Tenant:
        """A key that was tried on another tenant's socket is known there too, so its own tenant goes first."""
        own = next((tenant for tenant in self._all if tenant.api_key == key), None)
        return own or next((tenant for tenant in reversed(self._all) if tenant.knows(key)), self._all[-1])

    def _with_stream(self, stream_id: str | None) -> Tenant:
        return next((tenant for tenant in self._all if stream_id and tenant.has(stream_id)), self._all[-1])
