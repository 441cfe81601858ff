"""An event loop on a thread of its own."""

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
    """Runs coroutines and functions of other threads on its event loop, between ``start`` and ``stop``."""

    def __init__(self, name: str) -> None:
        self._loop: asyncio.AbstractEventLoop
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    @property
    def is_current(self) -> bool:
        """Whether the caller runs on this thread."""
        return threading.current_thread() is self._thread

    def start(self) -> None:
        # Created here, because a loop that never runs must be closed.
        self._loop = asyncio.new_event_loop()
        self._thread.start()

    def stop(self) -> None:
        """End the loop and the thread. Does nothing when it is not running."""
        if self.running:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop and return its result."""
        if self.is_current:
            work.close()
            name = self._thread.name
            raise RuntimeError(f"called on the {name}'s own thread (in a callback?), which would wait for itself")
        return _result(self.submit(work))

    async def run_async(self, work: Coroutine[Any, Any, T]) -> T:
        """As ``run``, awaited on asyncio or trio; the caller's event loop goes on meanwhile.

        Cancelling the awaiting task cancels the work. Raises RuntimeError on any other event loop.
        """
        if self.is_current:
            return await work
        library = current_async_library()
        if library is None:
            work.close()
            raise RuntimeError(
                "await this on asyncio or trio, or with anyio on either: neither has an event loop running here"
            )
        future = self.submit(work)
        return await (asyncio.wrap_future(future) if library == "asyncio" else _on_trio(future))

    def call(self, work: Callable[[], T]) -> T:
        """Call a short function on the loop's thread, where the loop's state may be used, and return its result."""
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
    """The future's result. The traceback of an error shows where it was raised, not where it was awaited."""
    error = future.exception()
    if error is None:
        return future.result()
    try:
        raise error
    finally:
        # Breaks the reference cycle between the error and this frame.
        del error, future


def current_async_library() -> str | None:
    """The library whose event loop runs the caller: ``asyncio``, ``trio`` or ``None``."""
    # Not imported here: where trio runs, it has been imported.
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_task():
        return "trio"
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return None
    return "asyncio"


def blocking_hint() -> str:
    """The hint of a timeout on a thread that runs an event loop, which the wait has blocked; otherwise empty."""
    if current_async_library() is None:
        return ""
    return " (the wait blocked clients on this event loop: await the same method of `ovs.aio`, or wait on a thread)"


async def _on_trio(future: Future[T]) -> T:
    """Await a future in a task of trio."""
    import trio

    done, token = trio.Event(), trio.lowlevel.current_trio_token()
    future.add_done_callback(lambda _: token.run_sync_soon(done.set))
    try:
        await done.wait()
    finally:
        # Has no effect on a future that is done.
        future.cancel()
    return future.result()
