"""Faults over HTTP, among the controls. The builders are imported when the first fault is set."""

from typing import Any

from aiohttp import web

from ovs_mock.faults.fault import Fault
from ovs_mock.faults.registry import FaultRegistry
from ovs_mock.server.controls.endpoint import ControlRequestError, Endpoint, body
from ovs_mock.server.controls.schemas import InvalidControlBodyError


class FaultControls:
    """Sets, lists and removes faults."""

    def __init__(self, registry: FaultRegistry) -> None:
        self._registry = registry

    def endpoints(self) -> dict[tuple[str, str], Endpoint]:
        return {
            ("POST", "/faults"): self.set,
            ("GET", "/faults"): self.list,
            ("DELETE", "/faults"): self.clear,
            ("DELETE", "/faults/{fault_id}"): self.forget,
        }

    async def set(self, request: web.Request) -> Any:
        """Set a fault."""
        from ovs_mock.server.controls.fault_schemas import FaultBody, fault

        asked = await body(request, FaultBody)
        try:
            return _to_json(fault(self._registry, asked))
        except InvalidControlBodyError as error:
            raise ControlRequestError(422, str(error)) from None

    async def list(self, request: web.Request) -> Any:
        """List the faults, in the order in which they are tried."""
        return [_to_json(fault) for fault in self._registry.faults]

    async def clear(self, request: web.Request) -> Any:
        """Remove all faults."""
        self._registry.clear()
        return {}

    async def forget(self, request: web.Request) -> Any:
        """Remove one fault."""
        wanted = request.match_info["fault_id"]
        for fault in self._registry.faults:
            if fault.id == wanted:
                fault.forget()
                return _to_json(fault)
        known = ", ".join(fault.id for fault in self._registry.faults) or "none"
        raise ControlRequestError(404, f"no fault {wanted!r}; the mock knows {known}")


def _to_json(fault: Fault) -> dict[str, Any]:
    return {"id": fault.id, "says": str(fault), "used": fault.used, "expected": fault.expected}
