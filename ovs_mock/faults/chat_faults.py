"""Streamed answers of chats that go wrong."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from aiohttp import web

from ovs_mock.api.chat.sse import DONE
from ovs_mock.api.message_filter import Abort, CloseFrame, Item, MessageFilter, Pause
from ovs_mock.faults.api_errors import chat_error
from ovs_mock.faults.fault import FaultAction
from ovs_mock.faults.registry import FaultRegistry

CLEAN_END = CloseFrame(0, "")


@dataclass(frozen=True, slots=True)
class ChatAction(FaultAction):
    """What happens to an answer once so many of its chunks have been sent."""

    after_chunks: int = 0

    def items(self, board: FaultRegistry, request: web.Request) -> Iterator[Item]:
        """What comes then."""
        raise NotImplementedError

    def _said(self, what: str) -> str:
        return f"{what} after {self.after_chunks} chunks" if self.after_chunks else what


@dataclass(frozen=True, slots=True)
class TruncateChat(ChatAction):
    """The answer ends without its last chunks and without ``[DONE]``; ``clean`` tells whether it looks like an end."""

    clean: bool = False

    def __str__(self) -> str:
        return self._said("ended without [DONE]" if self.clean else "truncated")

    def items(self, board: FaultRegistry, request: web.Request) -> Iterator[Item]:
        yield CLEAN_END if self.clean else Abort()


@dataclass(frozen=True, slots=True)
class StallChat(ChatAction):
    """Nothing more comes for a while."""

    seconds: float | None = None

    def __str__(self) -> str:
        return self._said("stalled" if self.seconds is None else f"stalled for {self.seconds:g} s")

    def items(self, board: FaultRegistry, request: web.Request) -> Iterator[Item]:
        hold = Pause()
        board.lift_later(hold, self.seconds)
        yield hold


@dataclass(frozen=True, slots=True)
class MalformEvent(ChatAction):
    """An event comes in between whose data is no JSON."""

    def __str__(self) -> str:
        return self._said("event malformed")

    def items(self, board: FaultRegistry, request: web.Request) -> Iterator[Item]:
        yield '{"id": "chatcmpl_", "choices": [{"delta": {"con'


@dataclass(frozen=True, slots=True)
class FailChat(ChatAction):
    """An error takes the place of the rest, as the API says one that comes up in the middle."""

    message: str | None = None

    def __str__(self) -> str:
        return self._said("error event")

    def items(self, board: FaultRegistry, request: web.Request) -> Iterator[Item]:
        yield json.dumps(chat_error(request.path, self.message, board.now), separators=(",", ":"))
        yield DONE
        yield CLEAN_END


@dataclass(slots=True, eq=False)
class ChatFaultFilter(MessageFilter):
    """What goes wrong with one streamed answer. ``inner`` carries what is left."""

    board: FaultRegistry
    request: web.Request
    inner: MessageFilter
    late: float | None = None
    """Seconds by which it begins late."""
    called: ChatAction | None = None
    """What happens to it because of a fault of its call."""
    _sent: int = field(default=0, init=False)

    def on_receive(self, body: bytes) -> bytes:
        return self.inner.on_receive(body)

    def on_send(self, item: Item) -> Iterator[Item]:
        if not isinstance(item, str):
            yield from self.inner.on_send(item)
            return
        if self._sent == 0:
            if self.late is not None:
                yield from StallChat(seconds=self.late).items(self.board, self.request)
            yield from self._wrong()
        self._sent += item != DONE
        yield from self.inner.on_send(item)
        if item != DONE:
            yield from self._wrong()

    def _wrong(self) -> Iterator[Item]:
        deed = self.called
        if deed is not None and deed.after_chunks == self._sent:
            self.called = None
        else:
            deed = self.board.take(ChatAction, self.request, lambda deed: deed.after_chunks == self._sent)
        if deed is not None:
            for item in deed.items(self.board, self.request):
                yield from self.inner.on_send(item)
