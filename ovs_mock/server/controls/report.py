"""The verdict over HTTP, and a new beginning, among the controls."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from ovs_mock.server.controls.endpoint import Endpoints


class ReportControls:
    """``judge`` gives the verdict on a mock, ``reset`` lets it begin again."""

    def __init__(self, judge: Callable[[], dict[str, Any]], reset: Callable[[], Awaitable[None]]) -> None:
        self._judge = judge
        self._reset = reset

    def endpoints(self) -> Endpoints:
        return {("GET", "/verdict"): self.verdict, ("POST", "/reset"): self.reset}

    async def verdict(self, request: web.Request) -> Any:
        """What was left open, what it cost, what was set and not used, until now."""
        return self._judge()

    async def reset(self, request: web.Request) -> Any:
        """Begin again; the answer is the verdict on what was before."""
        verdict = self._judge()
        await self._reset()
        return verdict
