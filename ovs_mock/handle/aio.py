"""The face of a tenant for who runs on an event loop of their own: what takes time is awaited."""

from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any, TypeVar

from ovs_mock.engine.events import Event
from ovs_mock.engine.instants import micros
from ovs_mock.engine.stream import Stream
from ovs_mock.handle import waits
from ovs_mock.handle.views import StreamView
from ovs_mock.journal.entries import Request
from ovs_mock.journal.matchers import Path
from ovs_mock.runtime.frame_sequence import Frames
from ovs_mock.server.tenant import Tenant
from ovs_mock.util.loop_thread import LoopThread

T = TypeVar("T")


class AsyncOvs:
    """The words of an Ovs that take time, to be awaited on asyncio or trio, and so with anyio on either.

    Meanwhile the caller's loop goes on: clients on it get what comes, and may do what is waited for. Who is cancelled
    breaks off what it has asked for: a move of the clock ends where it is.
    """

    def __init__(self, thread: LoopThread, tenant: Tenant, view: Callable[[Stream], StreamView]) -> None:
        self._thread = thread
        self._tenant = tenant
        self._view = view

    async def advance(self, seconds: float) -> list[Event]:
        """As ``Ovs.advance``."""
        return await self._run(self._tenant.runtime.advance(micros(seconds)))

    async def advance_to_next(self) -> list[Event]:
        """As ``Ovs.advance_to_next``."""
        return await self._run(self._tenant.runtime.advance_to_next())

    async def play(
        self, stream_id: str, seconds: float, *, fps: float = 10.0, width: int = 640, height: int = 360
    ) -> list[Event]:
        """As ``Ovs.play``."""
        play = partial(self._tenant.footage.play, stream_id, micros(seconds), fps=fps, width=width, height=height)
        return await self._run(waits.injected(play))

    async def push_frames(
        self,
        stream_id: str,
        frames: Frames,
        *,
        fps: float = 10.0,
        times: Iterable[float] | None = None,
        stamp: bool = False,
        width: int = 640,
        height: int = 360,
    ) -> list[Event]:
        """As ``Ovs.push_frames``. Pictures are read and checked before it is awaited for the first time."""
        push = self._tenant.footage.pushing(
            stream_id, frames, fps=fps, times=times, stamp=stamp, width=width, height=height
        )
        return await self._run(waits.injected(push))

    async def wait_for_frames(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        """As ``Ovs.wait_for_frames``."""
        return await self._seen(waits.for_frames(self._tenant, stream_id, count, timeout))

    async def wait_for_watchers(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        """As ``Ovs.wait_for_watchers``."""
        return await self._seen(waits.for_watchers(self._tenant, stream_id, count, timeout))

    async def wait_for_request(
        self,
        method: str,
        path: Path,
        *,
        times: int = 1,
        json: Any = None,
        status: int | None = None,
        timeout: float = 10.0,
    ) -> list[Request]:
        """As ``Journal.wait_for_request``."""
        work = waits.for_request(self._tenant, method, path, times=times, json=json, status=status, timeout=timeout)
        return await self._run(work)

    async def wait_until(
        self,
        condition: Callable[[], bool],
        *,
        timeout: float = 10.0,
        description: str = "the condition",
        actual: Callable[[], str] = lambda: "it does not hold",
    ) -> None:
        """As ``Ovs.wait_until``: ``holds()`` is tried on the mock's thread."""
        await self._run(waits.until(self._tenant, condition, timeout, description, actual))

    async def _seen(self, waiting: Coroutine[Any, Any, Stream]) -> StreamView:
        async def seen() -> StreamView:
            return self._view(await waiting)

        return await self._run(seen())

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return await self._thread.run_async(work)
