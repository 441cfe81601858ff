"""A chat that is under way, for the one who asked."""

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
    """Who asked is not there any more."""


class PendingChat:
    """Asks, which may raise RefusedError, and gives out what happens one by one; left early, the chat is cancelled.

    Advancing the clock waits until each event has been dealt with, which asking for the next one says. ``connected``
    tells whether the caller is still there.
    """

    def __init__(self, runtime: Runtime, command: AskChat, connected: Callable[[], bool]) -> None:
        self._runtime = runtime
        self._connected = connected
        self._events: asyncio.Queue[ChatEvent | None] = asyncio.Queue()
        self._in_hand = False
        self._over = False
        self.started = runtime.ask(command, ChatStarted)
        # Models answer in later turns of the loop, so nothing has been missed.
        self._unsubscribe = runtime.subscribe(self._on_event)

    def __enter__(self) -> "PendingChat":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._unsubscribe()
        if not self._over:
            self._runtime.do(CancelChat(self.started.exchange_id))
        self._put_down()
        while not self._events.empty():
            self._events.get_nowait()
            self._events.task_done()

    def end(self) -> None:
        """Let who waits for what happens next wait no longer."""
        self._events.put_nowait(None)

    async def next(self) -> ChatEvent:
        """What happens next; raises CallerGoneError, and RefusedError when the server ends before."""
        self._put_down()
        event = await self._events.get()
        self._in_hand = True
        if event is None:
            raise CommandRejectedError(ErrorCode.DRAINING, "The server is shutting down.")
        self._over = not isinstance(event, ChatToken)
        if not self._connected():
            raise ClientDisconnectedError("the caller left before the answer was there")
        return event

    def let_go(self) -> None:
        """What has happened is dealt with, as far as the clock is concerned; who asked will hear of it later."""
        self._put_down()

    async def outcome(self) -> ChatFinished | ChatFailed:
        """How it ends."""
        while isinstance(event := await self.next(), ChatToken):
            pass
        return event

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ChatToken | ChatFinished | ChatFailed) and event.exchange_id == self.started.exchange_id:
            all_dealt_with = self._events.empty() and not self._in_hand
            self._events.put_nowait(event)
            # Otherwise somebody waits already, for this one too.
            if all_dealt_with:
                self._runtime.deliver(self._events.join())

    def _put_down(self) -> None:
        if self._in_hand:
            self._in_hand = False
            self._events.task_done()


@contextmanager
def held(runtime: Runtime) -> Iterator[None]:
    """Let the clock wait for what is done in this block before it is moved on."""
    done = asyncio.Event()

    async def wait() -> None:
        await done.wait()

    runtime.deliver(wait())
    try:
        yield
    finally:
        done.set()
