"""The async API of a handle: for tests that run on an event loop of their own."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar, Unpack

from ovs_mock.engine.events import Event
from ovs_mock.engine.instants import micros
from ovs_mock.handle import waits
from ovs_mock.handle.options import PlayOptions, PushOptions, RequestOptions, WaitOptions
from ovs_mock.handle.views import FrameTarget, StreamView
from ovs_mock.journal.entries import Request
from ovs_mock.journal.matchers import Path
from ovs_mock.runtime.frame_sequence import Frames
from ovs_mock.server.tenant import Tenant
from ovs_mock.util.loop_thread import LoopThread

T = TypeVar("T")


class AsyncOvs:
    """The operations of an ``Ovs`` that take time, to be awaited on asyncio or trio, or with anyio on either.

    The caller's event loop goes on meanwhile, so that clients on it receive what arrives. Cancelling the awaiting task
    cancels the operation on the mock: a clock that is being moved stops where it is.
    """

    def __init__(self, thread: LoopThread, tenant: Tenant, target: FrameTarget) -> None:
        self._thread = thread
        self._tenant = tenant
        self._target = target

    async def advance(self, seconds: float) -> list[Event]:
        """As ``Ovs.advance``."""
        return await self._run(self._tenant.runtime.advance(micros(seconds)))

    async def advance_to_next(self) -> list[Event]:
        """As ``Ovs.advance_to_next``."""
        return await self._run(self._tenant.runtime.advance_to_next())

    async def play(self, stream_id: str, seconds: float, **options: Unpack[PlayOptions]) -> list[Event]:
        """As ``Ovs.play``."""
        play = partial(self._tenant.frame_injector.play, stream_id, micros(seconds), **options)
        return await self._run(waits.injected(play))

    async def push_frames(self, stream_id: str, frames: Frames, **options: Unpack[PushOptions]) -> list[Event]:
        """As ``Ovs.push_frames``. Frames are read and checked before the first await."""
        return await self._run(waits.injected(self._tenant.frame_injector.pushing(stream_id, frames, **options)))

    async def wait_for_frames(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        """As ``Ovs.wait_for_frames``."""
        return await self._run(waits.for_frames(self._tenant, self._target, stream_id, count, timeout))

    async def wait_for_watchers(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        """As ``Ovs.wait_for_watchers``."""
        return await self._run(waits.for_watchers(self._tenant, self._target, stream_id, count, timeout))

    async def wait_for_request(self, method: str, path: Path, **options: Unpack[RequestOptions]) -> list[Request]:
        """As ``Journal.wait_for_request``."""
        return await self._run(waits.for_request(self._tenant, method, path, **options))

    async def wait_until(self, condition: Callable[[], bool], **options: Unpack[WaitOptions]) -> None:
        """As ``Ovs.wait_until``: ``condition()`` is called on the mock's thread."""
        await self._run(waits.until(self._tenant, condition, **options))

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return await self._thread.run_async(work)
