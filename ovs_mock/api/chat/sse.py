"""Server-sent events that never wait for their reader, so that moving the clock cannot hang on one."""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from aiohttp import web

from ovs_mock.api.cors import cors_headers
from ovs_mock.api.message_filter import Abort, CloseFrame, Item, Pause, message_filter_of

DONE = "[DONE]"


class EventStream:
    """A ``text/event-stream``. An answer is bounded and in memory anyway, and so is what a slow reader may owe."""

    def __init__(self, request: web.Request, headers: Mapping[str, str]) -> None:
        self._request = request
        self._filter = message_filter_of(request)
        self.over = False
        """Whether nothing more is sent: a message filter has ended it."""
        self._hold: Pause | None = None
        self._held: list[str] = []
        self._catching_up: asyncio.Task[None] | None = None
        # Whoever adds headers to other answers comes too late for these, which are sent at once.
        own = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        self.response = web.StreamResponse(headers={**own, **headers, **cors_headers(request.headers)})

    @property
    def held(self) -> bool:
        """Whether a message filter holds it back."""
        return self._hold is not None

    async def open(self) -> None:
        self._limit_unread(sys.maxsize)
        await self.response.prepare(self._request)

    async def send(self, data: Any) -> None:
        """A ``data:`` event; JSON unless it is text."""
        text = data if isinstance(data, str) else json.dumps(data, separators=(",", ":"))
        if self._hold:
            self._held.append(text)
        elif not self.over:
            await self._carry(iter(self._filter.on_send(text)))

    async def close(self) -> web.StreamResponse:
        """Say that it is over, once nothing is held back any more."""
        await self.send(DONE)
        if self._catching_up:
            await self._catching_up
        await self.response.write_eof()
        self._limit_unread(None)
        return self.response

    async def _carry(self, items: Iterator[Item]) -> None:
        for item in items:
            if isinstance(item, Pause):
                self._hold = item
                self._catching_up = asyncio.create_task(self._catch_up(item, items))
                return
            await self._write(item)

    async def _catch_up(self, hold: Pause, items: Iterator[Item]) -> None:
        """Send what is held back when it may be sent, and let the rest go on as it comes."""
        try:
            await hold.lifted.wait()
            for item in chain(items, self._kept_back()):
                if isinstance(item, Pause):
                    hold.caught_up.set()
                    hold = self._hold = item
                    await hold.lifted.wait()
                else:
                    await self._write(item)
        except ConnectionError:
            # Whoever sends next finds out, and says so to those who ask.
            self._held.clear()
        finally:
            self._hold = None
            hold.caught_up.set()

    def _kept_back(self) -> Iterator[Item]:
        while self._held and not self.over:
            yield from self._filter.on_send(self._held.pop(0))

    async def _write(self, item: Item) -> None:
        match item:
            case _ if self.over:
                pass
            case str():
                await self.response.write(f"data: {item}\n\n".encode())
            case bytes():
                await self.response.write(item)
            case CloseFrame():
                self.over = True
            case Abort():
                if self._request.transport:
                    self._request.transport.close()
                raise ConnectionAbortedError("the connection was cut")
            case Pause():
                raise AssertionError("a hold is no message")

    def _limit_unread(self, high: int | None) -> None:
        transport = self._request.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.set_write_buffer_limits(high=high)
