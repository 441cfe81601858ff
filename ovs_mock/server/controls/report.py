"""The report on a tenant, and its reset."""

from typing import Any

from ovs_mock.server.controls.request import ControlRequest


async def read(control: ControlRequest) -> Any:
    """What was left open until now, what it cost, what was set and not used."""
    return control.tenant.report()


async def reset(control: ControlRequest) -> Any:
    """Reset the tenant; the response is the report on what was before."""
    report = control.tenant.report()
    await control.tenant.reset()
    return report
