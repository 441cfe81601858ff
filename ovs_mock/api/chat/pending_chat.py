"""A chat that is being answered, as the handler of its request sees it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from ovs_mock.engine.commands import AskChat, CancelChat
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import ChatFailed, ChatFinished, ChatStarted, ChatToken, Event
from ovs_mock.runtime.runtime import Runtime

ChatEvent = ChatToken | ChatFinished | ChatFailed


class ClientDisconnectedError(ConnectionError):
    """The client of a chat has left."""


class PendingChat:
    """Starts a chat, which may raise CommandRejectedError, and hands out its events; left early, it is cancelled.

    An advance of the clock waits until each event was handled: requesting the next one acknowledges it. ``connected``
    tells whether the client is still there.
    """

    def __init__(self, runtime: Runtime, command: AskChat, connected: Callable[[], bool]) -> None:
        self._runtime = runtime
        self._connected = connected
        self._events: asyncio.Queue[ChatEvent | None] = asyncio.Queue()
        self._unacknowledged = False
        self._finished = False
        self.started = runtime.ask(command, ChatStarted)
        # Models answer in later turns of the loop, so no event was missed.
        self._unsubscribe = runtime.subscribe(self._on_event)

    def __enter__(self) -> "PendingChat":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._unsubscribe()
        if not self._finished:
            self._runtime.do(CancelChat(self.started.exchange_id))
        self.acknowledge()
        while not self._events.empty():
            self._events.get_nowait()
            self._events.task_done()

    def end(self) -> None:
        """Let ``next()`` raise, as the server stops."""
        self._events.put_nowait(None)

    async def next(self) -> ChatEvent:
        """The next event; raises ClientDisconnectedError, and CommandRejectedError when the server stops first."""
        self.acknowledge()
        event = await self._events.get()
        self._unacknowledged = True
        if event is None:
            raise CommandRejectedError(ErrorCode.DRAINING, "The server is shutting down.")
        self._finished = not isinstance(event, ChatToken)
        if not self._connected():
            raise ClientDisconnectedError("the caller left before the answer was there")
        return event

    def acknowledge(self) -> None:
        """Let the clock go on: the last event was handled, even if the client gets it later."""
        if self._unacknowledged:
            self._unacknowledged = False
            self._events.task_done()

    async def outcome(self) -> ChatFinished | ChatFailed:
        """The last event."""
        while isinstance(event := await self.next(), ChatToken):
            pass
        return event

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ChatToken | ChatFinished | ChatFailed) and event.exchange_id == self.started.exchange_id:
            all_handled = self._events.empty() and not self._unacknowledged
            self._events.put_nowait(event)
            # Otherwise a delivery waits already, for this event too.
            if all_handled:
                self._runtime.deliver(self._events.join())


@contextmanager
def clock_waits(runtime: Runtime) -> Iterator[None]:
    """Let an advance of the clock wait until this block is left."""
    done = asyncio.Event()

    async def wait() -> None:
        await done.wait()

    runtime.deliver(wait())
    try:
        yield
    finally:
        done.set()
