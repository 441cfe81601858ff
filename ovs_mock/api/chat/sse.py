"""Server-sent events whose writes never wait for the reader, so that an advance of the clock cannot hang on one."""

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
    """A ``text/event-stream``. A chat is bounded and in memory, and so is what a slow reader has not read yet."""

    def __init__(self, request: web.Request, headers: Mapping[str, str]) -> None:
        self._request = request
        self._filter = message_filter_of(request)
        self.ended = False
        """Whether a message filter has ended the stream: nothing more is sent."""
        self._pause: Pause | None = None
        self._waiting: list[str] = []
        self._resuming: asyncio.Task[None] | None = None
        # The response is sent at once, before middlewares can add headers.
        own = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        self.response = web.StreamResponse(headers={**own, **headers, **cors_headers(request.headers)})

    @property
    def paused(self) -> bool:
        """Whether a message filter holds the stream back."""
        return self._pause is not None

    async def open(self) -> None:
        self._limit_unread(sys.maxsize)
        await self.response.prepare(self._request)

    async def send(self, data: Any) -> None:
        """Send a ``data:`` event: text as it is, anything else as JSON."""
        text = data if isinstance(data, str) else json.dumps(data, separators=(",", ":"))
        if self._pause:
            self._waiting.append(text)
        elif not self.ended:
            await self._send_items(iter(self._filter.on_send(text)))

    async def close(self) -> web.StreamResponse:
        """Send ``[DONE]`` and end the response, after any pause."""
        await self.send(DONE)
        if self._resuming:
            await self._resuming
        await self.response.write_eof()
        self._limit_unread(None)
        return self.response

    async def _send_items(self, items: Iterator[Item]) -> None:
        for item in items:
            if isinstance(item, Pause):
                self._pause = item
                self._resuming = asyncio.create_task(self._resume(item, items))
                return
            await self._write(item)

    async def _resume(self, pause: Pause, items: Iterator[Item]) -> None:
        """After the pause, send everything that waits for its end."""
        try:
            await pause.lifted.wait()
            for item in chain(items, self._filtered_waiting()):
                if isinstance(item, Pause):
                    pause.caught_up.set()
                    pause = self._pause = item
                    await pause.lifted.wait()
                else:
                    await self._write(item)
        except ConnectionError:
            # The next send() fails and reports it.
            self._waiting.clear()
        finally:
            self._pause = None
            pause.caught_up.set()

    def _filtered_waiting(self) -> Iterator[Item]:
        while self._waiting and not self.ended:
            yield from self._filter.on_send(self._waiting.pop(0))

    async def _write(self, item: Item) -> None:
        match item:
            case _ if self.ended:
                pass
            case str():
                await self.response.write(f"data: {item}\n\n".encode())
            case bytes():
                await self.response.write(item)
            case CloseFrame():
                self.ended = True
            case Abort():
                if self._request.transport:
                    self._request.transport.close()
                raise ConnectionAbortedError("the connection was cut")
            case Pause():
                raise AssertionError("a pause is no message")

    def _limit_unread(self, high: int | None) -> None:
        transport = self._request.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.set_write_buffer_limits(high=high)
