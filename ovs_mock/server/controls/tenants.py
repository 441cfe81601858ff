"""Tenants over HTTP: each test of any language opens one, and gets a report when it closes it."""

from typing import Any

from ovs_mock.api.urls import websocket_origin
from ovs_mock.engine.instants import iso8601
from ovs_mock.server.addresses import ServerAddresses
from ovs_mock.server.controls.errors import ControlRequestError
from ovs_mock.server.controls.request import ControlRequest
from ovs_mock.server.controls.tenant_settings import TenantBody, settings
from ovs_mock.server.tenant import Tenant

MAX_TENANTS = 1_000


async def open_tenant(control: ControlRequest) -> Any:
    """Open a tenant with settings, a clock and a key of its own."""
    tenants = control.tenants
    if len(tenants.external) >= MAX_TENANTS:
        raise ControlRequestError(
            409, f"{MAX_TENANTS} tenants are open: close those that are done with DELETE /_mock/tenants"
        )
    body = await control.body(TenantBody)
    chosen = settings(body, f"tenant-{next(tenants.numbers)}")
    tenant = Tenant(control.server, chosen, body.clock, api_key=body.api_key)
    if any(tenants.is_taken(key, tenant) for key in (tenant.api_key, *tenant.settings.api_keys)):
        await tenant.close()
        raise ControlRequestError(
            409,
            "another tenant has this key: give another api_key, other settings.api_keys or another settings.name",
        )
    tenants.add(tenant, external=True)
    return {**_encoded(tenant), "api_key": tenant.api_key, **_urls(control)}


async def list_tenants(control: ControlRequest) -> Any:
    """All tenants. Keys are left out: who opened a tenant knows its key, which may be one of production."""
    tenants = control.tenants
    return [{**_encoded(tenant), "main": tenant not in tenants.external} for tenant in tenants]


async def close_tenant(control: ControlRequest) -> Any:
    """Close the tenant whose key the request has; the response is the report on it."""
    tenant = control.tenant
    if tenant not in control.tenants.external:
        raise ControlRequestError(
            409,
            "this is the server's main tenant, which ends with the server: "
            "POST /_mock/reset lets it begin again, and DELETE closes one that POST /_mock/tenants has opened",
        )
    report = tenant.report()
    await control.tenants.close(tenant)
    return report


def _urls(control: ControlRequest) -> dict[str, str]:
    """The URLs of the mock, as the client sees them."""
    request = control.request
    origin = websocket_origin(request.scheme, request.host, control.server.public_url).replace("ws", "http", 1)
    seen = ServerAddresses(origin)
    urls = {version.attribute: origin + version.prefix for version in control.server.versions}
    return {"url": seen.url, **urls, "billing": seen.billing, "livekit_url": seen.livekit_url}


def _encoded(tenant: Tenant) -> dict[str, Any]:
    streams = [stream for stream in tenant.runtime.current_state().streams.values() if stream.running]
    return {
        "name": tenant.settings.name,
        "clock": tenant.clock_name,
        "now": iso8601(tenant.clock.now()),
        "streams": len(streams),
    }
