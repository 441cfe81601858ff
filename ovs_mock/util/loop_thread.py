"""An event loop on a thread of its own, for those who have none."""

import asyncio
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error

T = TypeVar("T")


class LoopThread:
    """``start`` once, ``stop`` once; in between, work is handed over from any other thread."""

    def __init__(self, name: str) -> None:
        self._loop: asyncio.AbstractEventLoop
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    @property
    def is_current(self) -> bool:
        """Whether the caller runs on this very thread."""
        return threading.current_thread() is self._thread

    def start(self) -> None:
        # Not before: a loop that never ran would have to be closed by somebody.
        self._loop = asyncio.new_event_loop()
        self._thread.start()

    def stop(self) -> None:
        """End the loop and the thread. Nothing happens when that is done."""
        if self.running:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop and wait for what it returns."""
        if self.is_current:
            work.close()
            name = self._thread.name
            raise RuntimeError(
                f"called on the thread of the {name} itself (from a script?), which would wait for itself"
            )
        return _result(self.submit(work))

    async def run_async(self, work: Coroutine[Any, Any, T]) -> T:
        """As ``call``, for who is on an event loop of asyncio or trio, which goes on meanwhile.

        RuntimeError on any other. Who is cancelled cancels the work.
        """
        if self.is_current:
            return await work
        library = current_async_library()
        if library is None:
            work.close()
            raise RuntimeError("await this on asyncio or trio, or with anyio on either: no event loop of theirs runs")
        future = self.submit(work)
        return await (asyncio.wrap_future(future) if library == "asyncio" else _on_trio(future))

    def call(self, work: Callable[[], T]) -> T:
        """Do something short on the loop's thread, where its state may be touched."""
        if self.is_current:
            return work()
        done: Future[T] = Future()

        def run() -> None:
            try:
                done.set_result(work())
            except BaseException as error:  # noqa: BLE001 - handed to the caller
                done.set_exception(error)

        self._loop.call_soon_threadsafe(run)
        return _result(done)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


def _result(future: Future[T]) -> T:
    """What it brings. An error shows where it was raised, and not how it was waited for."""
    error = future.exception()
    if error is None:
        return future.result()
    try:
        raise error
    finally:
        # It holds this frame, which would hold it.
        del error, future


def current_async_library() -> str | None:
    """Which library's event loop the caller is on: ``asyncio``, ``trio``, or ``None`` for none that is known."""
    # Not imported by us: where trio runs, it has been.
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_task():
        return "trio"
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return None
    return "asyncio"


def blocking_hint() -> str:
    """What to say to who has waited in vain on a thread that runs an event loop; nothing to others."""
    if current_async_library() is None:
        return ""
    return " (clients on this event loop stood still meanwhile: await the same of `ovs.aio`, or wait on a thread)"


async def _on_trio(future: Future[T]) -> T:
    """What the future brings, to a task of trio."""
    import trio

    done, token = trio.Event(), trio.lowlevel.current_trio_token()
    future.add_done_callback(lambda _: token.run_sync_soon(done.set))
    try:
        await done.wait()
    finally:
        # Does nothing to one that is done.
        future.cancel()
    return future.result()
