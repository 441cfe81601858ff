"""Tenants over HTTP: each test of any language opens one, and closes it with a verdict."""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from aiohttp import web

from ovs_mock.api.urls import websocket_origin
from ovs_mock.engine.instants import iso8601
from ovs_mock.engine.settings import Settings
from ovs_mock.server.addresses import ServerAddresses
from ovs_mock.server.controls.endpoint import ControlRequestError, Endpoints, body
from ovs_mock.server.controls.schemas import InvalidControlBodyError
from ovs_mock.server.tenant import ClockName, Tenant
from ovs_mock.server.tenants import Tenants

MOST = 1_000

Open = Callable[[Settings, ClockName, str | None], Tenant]
"""Makes a tenant that no request is sent to yet."""


class TenantControls:
    """Opens, lists and closes the tenants of one server."""

    def __init__(
        self,
        tenants: Callable[[], Tenants],
        make: Open,
        close: Callable[[Tenant], Awaitable[None]],
        public_url: str | None,
    ) -> None:
        self._tenants = tenants
        self._make = make
        self._close = close
        self._public_url = public_url
        self._numbers = count(1)

    def endpoints(self) -> Endpoints:
        return {
            ("POST", "/tenants"): self.open,
            ("GET", "/tenants"): self.list,
            ("DELETE", "/tenants"): self.close,
        }

    async def open(self, request: web.Request) -> Any:
        """A tenant more, with settings, a clock and a key of its own."""
        from ovs_mock.server.controls.tenant_settings import TenantBody, settings

        tenants = self._tenants()
        if len(tenants.guests) >= MOST:
            raise ControlRequestError(
                409, f"{MOST} tenants are open: close those that are done with DELETE /_mock/tenants"
            )
        asked = await body(request, TenantBody)
        try:
            chosen = settings(asked, f"tenant-{next(self._numbers)}")
        except InvalidControlBodyError as error:
            raise ControlRequestError(422, str(error)) from None
        tenant = self._make(chosen, asked.clock, asked.api_key)
        if any(tenants.taken(tenant, key) for key in (tenant.api_key, *tenant.settings.api_keys)):
            await tenant.close()
            raise ControlRequestError(
                409,
                "another tenant has this key: give another api_key, other settings.api_keys or another settings.name",
            )
        tenants.add(tenant, guest=True)
        return {**_shown(tenant), "api_key": tenant.api_key, **self._urls(request)}

    async def list(self, request: web.Request) -> Any:
        """All tenants. Keys are not shown: who opened a tenant knows its key, which may be one of production."""
        tenants = self._tenants()
        return [{**_shown(tenant), "main": tenant not in tenants.guests} for tenant in tenants]

    async def close(self, request: web.Request) -> Any:
        """The end of the tenant whose key the request has; the answer is the verdict on it."""
        tenants = self._tenants()
        tenant = tenants.of(request)
        if tenant not in tenants.guests:
            raise ControlRequestError(
                409,
                "this is the server's main tenant, which ends with the server: "
                "POST /_mock/reset lets it begin again, and DELETE closes one that POST /_mock/tenants has opened",
            )
        verdict = tenant.verdict()
        await self._close(tenant)
        return verdict

    def _urls(self, request: web.Request) -> dict[str, str]:
        """Where the mock is, for whoever asks."""
        seen = ServerAddresses(
            websocket_origin(request.scheme, request.host, self._public_url).replace("ws", "http", 1)
        )
        names = ("url", "v02", "v1", "v1beta", "billing", "livekit_url")
        return {name: getattr(seen, name) for name in names}


def _shown(tenant: Tenant) -> dict[str, Any]:
    streams = [stream for stream in tenant.runtime.current_state().streams.values() if stream.running]
    return {
        "name": tenant.settings.name,
        "clock": tenant.clock_name,
        "now": iso8601(tenant.clock.now()),
        "streams": len(streams),
    }
