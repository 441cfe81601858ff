"""What the tests put in the place of sleep, a screen and a network."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from live_captions import LiveCaptions


@dataclass
class Nap:
    """A rest that the app takes, until it is woken."""

    seconds: float
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        self.woken.set()


class Naps:
    """The ``sleep`` that the app is given."""

    def __init__(self) -> None:
        self._taken: asyncio.Queue[Nap] = asyncio.Queue()

    async def __call__(self, seconds: float) -> None:
        nap = Nap(seconds)
        self._taken.put_nowait(nap)
        await nap.woken.wait()

    async def next(self) -> Nap:
        """The next nap that the app takes: all that it does before is done."""
        return await self._taken.get()


class Screen:
    """Shows captions as they come."""

    def __init__(self, captions: LiveCaptions) -> None:
        self._captions = captions
        self._shown: asyncio.Queue[str] = asyncio.Queue()
        self.task = asyncio.create_task(self._show())
        """Ends with the error that ends the captions."""

    async def next(self) -> str:
        return await self._shown.get()

    async def _show(self) -> None:
        async for caption in self._captions.captions():
            self._shown.put_nowait(caption)


class Line:
    """A line to the mock that can be cut."""

    def __init__(self) -> None:
        self._pipes: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.StreamWriter] = set()

    def relay(self, port: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", port)
            self._ends |= {writer, upstream_writer}
            await asyncio.gather(self._pipe(reader, upstream_writer), self._pipe(upstream_reader, writer))

        return connected

    def cut(self) -> None:
        """Drop all connections, without a word."""
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
        except ConnectionError:
            pass
        finally:
            writer.close()
