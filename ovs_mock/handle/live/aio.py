"""What takes time on a server that is no mock, to be awaited."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from ovs_mock.handle.aio import AsyncOvs
from ovs_mock.handle.live.mock_only import CLOCK, FRAMES, MockOnly, Skip
from ovs_mock.handle.local import Ovs
from ovs_mock.handle.views import StreamView
from ovs_mock.journal.entries import Request
from ovs_mock.journal.matchers import Path
from ovs_mock.util.loop_thread import LoopThread

T = TypeVar("T")


class AsyncLiveHandle(AsyncOvs):
    """The same waits on a thread; a wait that is cancelled there goes on until its timeout, and nobody hears of it."""

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

    async def wait_for_frames(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:  # noqa: ASYNC109 - as in the other face
        return await self._on_thread(lambda: self._ovs.wait_for_frames(stream_id, count, timeout=timeout))

    async def wait_for_watchers(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:  # noqa: ASYNC109
        return await self._on_thread(lambda: self._ovs.wait_for_watchers(stream_id, count, timeout=timeout))

    async def wait_for_request(
        self,
        method: str,
        path: Path,
        *,
        times: int = 1,
        json: Any = None,
        status: int | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> list[Request]:
        journal = self._ovs.journal
        return await self._on_thread(
            lambda: journal.wait_for_request(method, path, times=times, json=json, status=status, timeout=timeout)
        )

    async def wait_until(
        self,
        condition: Callable[[], bool],
        *,
        timeout: float = 10.0,  # noqa: ASYNC109
        description: str = "the condition",
        actual: Callable[[], str] = lambda: "it does not hold",
    ) -> None:
        await self._on_thread(
            lambda: self._ovs.wait_until(condition, timeout=timeout, description=description, actual=actual)
        )

    async def _on_thread(self, wait: Callable[[], T]) -> T:
        return await self._thread.run_async(asyncio.to_thread(wait))
