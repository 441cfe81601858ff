"""Server-sent events that never wait for their reader, so that moving the clock cannot hang on one."""

import asyncio
import json
import sys
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from ovs_mock.wire.cors import cors_headers
from ovs_mock.wire.courier import Closing, Item, courier_of

DONE = "[DONE]"


class EventStream:
    """A ``text/event-stream``. An answer is bounded and in memory anyway, and so is what a slow reader may owe."""

    def __init__(self, request: web.Request, headers: Mapping[str, str]) -> None:
        self._request = request
        self._courier = courier_of(request)
        self._cut_short = False
        # Whoever adds headers to other answers comes too late for these, which are sent at once.
        own = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        self.response = web.StreamResponse(headers={**own, **headers, **cors_headers(request.headers)})

    async def open(self) -> None:
        self._limit_unread(sys.maxsize)
        await self.response.prepare(self._request)

    async def send(self, data: Any) -> None:
        """A ``data:`` event; JSON unless it is text."""
        text = data if isinstance(data, str) else json.dumps(data, separators=(",", ":"))
        for item in self._courier.send(text):
            await self._write(item)

    async def close(self) -> web.StreamResponse:
        """Say that it is over."""
        await self.send(DONE)
        await self.response.write_eof()
        self._limit_unread(None)
        return self.response

    async def _write(self, item: Item) -> None:
        if isinstance(item, Closing):
            self._cut_short = True
        elif not self._cut_short:
            await self.response.write(item if isinstance(item, bytes) else f"data: {item}\n\n".encode())

    def _limit_unread(self, high: int | None) -> None:
        transport = self._request.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.set_write_buffer_limits(high=high)
