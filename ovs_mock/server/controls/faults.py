"""Faults over HTTP."""

from typing import Any

from ovs_mock.faults.fault import Fault
from ovs_mock.server.controls.errors import ControlRequestError
from ovs_mock.server.controls.fault_schemas import FaultBody, set_on
from ovs_mock.server.controls.request import ControlRequest


async def set_fault(control: ControlRequest) -> Any:
    """Set a fault."""
    return _encoded(set_on(control.tenant.faults, await control.body(FaultBody)))


async def list_faults(control: ControlRequest) -> Any:
    """All faults that are set, in the order in which they are tried."""
    return [_encoded(fault) for fault in control.tenant.faults.faults]


async def clear(control: ControlRequest) -> Any:
    """Remove all faults."""
    control.tenant.faults.clear()
    return {}


async def remove(control: ControlRequest) -> Any:
    """Remove one fault, so that it does not fire any more."""
    fault_id, faults = control.path("fault_id"), tuple(control.tenant.faults.faults)
    for fault in faults:
        if fault.id == fault_id:
            fault.forget()
            return _encoded(fault)
    known = ", ".join(fault.id for fault in faults) or "none"
    raise ControlRequestError(404, f"no fault {fault_id!r}; the mock knows {known}")


def _encoded(fault: Fault) -> dict[str, Any]:
    return {"id": fault.id, "says": str(fault), "used": fault.used, "expected": fault.expected}
