"""The async API of the handle on another target."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, Unpack

from ovs_mock.handle.aio import AsyncOvs
from ovs_mock.handle.live.mock_only import CLOCK, FRAMES, MockOnly, Skip
from ovs_mock.handle.local import Ovs
from ovs_mock.handle.options import RequestOptions, WaitOptions
from ovs_mock.handle.views import StreamView
from ovs_mock.journal.entries import Request
from ovs_mock.journal.matchers import Path
from ovs_mock.util.loop_thread import LoopThread

T = TypeVar("T")


class AsyncLiveHandle(AsyncOvs):
    """Runs the synchronous waits on a thread. A wait that is cancelled goes on there until its timeout."""

    def __init__(self, thread: LoopThread, ovs: Ovs, skip: Skip) -> None:
        self._thread = thread
        self._ovs = ovs
        self.skip = skip

    advance: Any = MockOnly(CLOCK)
    advance_to_next: Any = MockOnly(CLOCK)
    play: Any = MockOnly(FRAMES)
    push_frames: Any = MockOnly(FRAMES)

    @property
    def target(self) -> str:
        return self._ovs.target

    async def wait_for_frames(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        return await self._on_thread(partial(self._ovs.wait_for_frames, stream_id, count, timeout=timeout))

    async def wait_for_watchers(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        return await self._on_thread(partial(self._ovs.wait_for_watchers, stream_id, count, timeout=timeout))

    async def wait_for_request(self, method: str, path: Path, **options: Unpack[RequestOptions]) -> list[Request]:
        return await self._on_thread(partial(self._ovs.journal.wait_for_request, method, path, **options))

    async def wait_until(self, condition: Callable[[], bool], **options: Unpack[WaitOptions]) -> None:
        await self._on_thread(partial(self._ovs.wait_until, condition, **options))

    async def _on_thread(self, wait: Callable[[], T]) -> T:
        return await self._thread.run_async(asyncio.to_thread(wait))
