"""Result sockets that go wrong."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ovs_mock.api.message_filter import Abort, CloseFrame, Item, MessageFilter
from ovs_mock.api.v02.results import ResultSocket
from ovs_mock.faults.fault import Fault, FaultAction, Matcher
from ovs_mock.faults.registry import FaultContext, FaultRegistry, ImmediateAction
from ovs_mock.runtime.alarms import Callback


@dataclass(frozen=True, slots=True)
class CloseSocketAction(ImmediateAction):
    """A socket is closed, or cut: at once, or behind so many messages that come from now on."""

    item: CloseFrame | Abort
    after_messages: int = 0

    def __str__(self) -> str:
        how = f"close {self.item.code} {self.item.reason}".rstrip() if isinstance(self.item, CloseFrame) else "drop"
        return f"{how} after {self.after_messages} messages" if self.after_messages else how

    @property
    def eager(self) -> bool:
        return self.after_messages == 0

    def targets(self, stage: FaultContext, aim: Matcher) -> Iterable[ResultSocket]:
        return [socket for socket in stage.sockets() if socket.watching and aim.meets(socket.stream_id)]

    def act(self, stage: FaultContext, target: Any) -> Callback | None:
        target.send(self.item)
        return None


@dataclass(frozen=True, slots=True)
class MessageAction(FaultAction):
    """What happens to a message."""

    def change(self, text: str, state: "DelayedMessage") -> Iterable[str]:
        """What is sent in its place."""
        raise NotImplementedError


@dataclass(slots=True)
class DelayedMessage:
    """A message that waits for the next one to go first."""

    text: str | None = None


class DropMessages(MessageAction):
    """Messages are lost."""

    lasting: ClassVar[bool] = True

    def __str__(self) -> str:
        return "silence"

    def change(self, text: str, state: DelayedMessage) -> Iterable[str]:
        return ()


class MalformMessage(MessageAction):
    """A message is no JSON."""

    def __str__(self) -> str:
        return "message malformed"

    def change(self, text: str, state: DelayedMessage) -> Iterable[str]:
        return (text[: len(text) * 2 // 3] or "{",)


class DuplicateMessage(MessageAction):
    """A message comes twice."""

    def __str__(self) -> str:
        return "message sent twice"

    def change(self, text: str, state: DelayedMessage) -> Iterable[str]:
        return (text, text)


class ReorderMessages(MessageAction):
    """A message changes places with the next one."""

    def __str__(self) -> str:
        return "message sent behind the next one"

    def change(self, text: str, state: DelayedMessage) -> Iterable[str]:
        held, state.text = state.text, text
        return () if held is None else (held,)


@dataclass(slots=True, eq=False)
class SocketFaultFilter(MessageFilter):
    """What goes wrong on one socket. ``inner`` carries what is left."""

    board: FaultRegistry
    stream_id: str
    inner: MessageFilter
    _held: DelayedMessage = field(default_factory=DelayedMessage)
    _sent: dict[Fault, int] = field(default_factory=dict)

    def on_receive(self, body: bytes) -> bytes:
        return self.inner.on_receive(body)

    def on_send(self, item: Item) -> Iterator[Item]:
        if isinstance(item, str):
            for text in self._messages(item):
                yield from self.inner.on_send(text)
                yield from self._ends()
        else:
            if self._held.text is not None and isinstance(item, CloseFrame):
                held, self._held.text = self._held.text, None
                yield from self.inner.on_send(held)
            yield from self.inner.on_send(item)

    def _messages(self, text: str) -> Iterable[str]:
        held = self._held.text
        deed = self.board.take(MessageAction, self.stream_id)
        if deed is not None:
            return deed.change(text, self._held)
        self._held.text = None
        return (text,) if held is None else (text, held)

    def _ends(self) -> Iterator[Item]:
        for fault in self.board.of(CloseSocketAction, self.stream_id):
            deed = fault.deed
            assert isinstance(deed, CloseSocketAction)
            if deed.eager or not fault.tally.is_open(self.board.now):
                continue
            self._sent[fault] = self._sent.get(fault, 0) + 1
            if self._sent[fault] == deed.after_messages and self.board.met(fault, self.stream_id):
                yield from self.inner.on_send(deed.item)
