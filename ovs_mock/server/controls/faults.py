"""Faults over HTTP, among the controls. What faults need is imported when the first one is asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from ovs_mock.server.controls.endpoint import ControlRequestError, Endpoint, body
from ovs_mock.server.controls.schemas import InvalidControlBodyError

if TYPE_CHECKING:
    from ovs_mock.faults.fault import Fault
    from ovs_mock.faults.registry import FaultRegistry


class FaultControls:
    """Sets faults, and counts them."""

    def __init__(self, board: "Callable[[], FaultRegistry]", known: "Callable[[], FaultRegistry | None]") -> None:
        self._board = board
        self._known = known

    def endpoints(self) -> dict[tuple[str, str], Endpoint]:
        return {
            ("POST", "/faults"): self.set,
            ("GET", "/faults"): self.list,
            ("DELETE", "/faults"): self.clear,
            ("DELETE", "/faults/{fault_id}"): self.forget,
        }

    async def set(self, request: web.Request) -> Any:
        """From now on this goes wrong."""
        from ovs_mock.server.controls.fault_schemas import FaultBody, fault

        asked = await body(request, FaultBody)
        try:
            return _shown(fault(self._board(), asked))
        except InvalidControlBodyError as error:
            raise ControlRequestError(422, str(error)) from None

    async def list(self, request: web.Request) -> Any:
        """All that are set, in the order in which they are tried."""
        return [_shown(fault) for fault in self._all()]

    async def clear(self, request: web.Request) -> Any:
        """Forget all of them."""
        if board := self._known():
            board.clear()
        return {}

    async def forget(self, request: web.Request) -> Any:
        """Let one of them be met no more."""
        wanted = request.match_info["fault_id"]
        for fault in self._all():
            if fault.id == wanted:
                fault.forget()
                return _shown(fault)
        known = ", ".join(fault.id for fault in self._all()) or "none"
        raise ControlRequestError(404, f"no fault {wanted!r}; the mock knows {known}")

    def _all(self) -> "tuple[Fault, ...]":
        board = self._known()
        return tuple(board.faults) if board else ()


def _shown(fault: "Fault") -> dict[str, Any]:
    return {"id": fault.id, "says": str(fault), "used": fault.used, "expected": fault.expected}
