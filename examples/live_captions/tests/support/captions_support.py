"""What the tests use instead of sleep and a screen."""

import asyncio
from dataclasses import dataclass, field

from live_captions import LiveCaptions


@dataclass
class Nap:
    """One sleep of the application, until a test wakes it."""

    seconds: float
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        self.woken.set()


class Naps:
    """The ``sleep`` function that the application is given."""

    def __init__(self) -> None:
        self._taken: asyncio.Queue[Nap] = asyncio.Queue()

    async def __call__(self, seconds: float) -> None:
        nap = Nap(seconds)
        self._taken.put_nowait(nap)
        await nap.woken.wait()

    async def next(self) -> Nap:
        """The application's next sleep; everything that it does before is done."""
        return await self._taken.get()


class Screen:
    """Collects captions as they arrive."""

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
