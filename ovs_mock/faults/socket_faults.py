"""Actions on result sockets."""

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
    """Closes a socket, with or without a close frame: at once, or after ``after_messages`` more messages."""

    item: CloseFrame | Abort
    after_messages: int = 0

    def __str__(self) -> str:
        how = f"close {self.item.code} {self.item.reason}".rstrip() if isinstance(self.item, CloseFrame) else "drop"
        return f"{how} after {self.after_messages} messages" if self.after_messages else how

    @property
    def immediate(self) -> bool:
        return self.after_messages == 0

    def targets(self, context: FaultContext, matcher: Matcher) -> Iterable[ResultSocket]:
        return [socket for socket in context.sockets() if socket.is_watching and matcher.matches(socket.stream_id)]

    def apply(self, context: FaultContext, target: Any) -> Callback | None:
        target.send(self.item)
        return None


@dataclass(frozen=True, slots=True)
class MessageAction(FaultAction):
    """An action on a message."""

    def edit(self, text: str, state: "DelayedMessage") -> Iterable[str]:
        """Return what is sent in place of the message."""
        raise NotImplementedError


@dataclass(slots=True)
class DelayedMessage:
    """A message that is held back until the next one has been sent."""

    text: str | None = None


class DropMessages(MessageAction):
    """Drops messages."""

    unlimited: ClassVar[bool] = True

    def __str__(self) -> str:
        return "silence"

    def edit(self, text: str, state: DelayedMessage) -> Iterable[str]:
        return ()


class MalformMessage(MessageAction):
    """Cuts a message so that it is no valid JSON."""

    def __str__(self) -> str:
        return "message malformed"

    def edit(self, text: str, state: DelayedMessage) -> Iterable[str]:
        return (text[: len(text) * 2 // 3] or "{",)


class DuplicateMessage(MessageAction):
    """Sends a message twice."""

    def __str__(self) -> str:
        return "message sent twice"

    def edit(self, text: str, state: DelayedMessage) -> Iterable[str]:
        return (text, text)


class ReorderMessages(MessageAction):
    """Sends a message after the next one."""

    def __str__(self) -> str:
        return "message sent behind the next one"

    def edit(self, text: str, state: DelayedMessage) -> Iterable[str]:
        held, state.text = state.text, text
        return () if held is None else (held,)


@dataclass(slots=True, eq=False)
class SocketFaultFilter(MessageFilter):
    """Applies faults to one socket; ``inner`` is the filter after it."""

    registry: FaultRegistry
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
                yield from self._close_items()
        else:
            if self._held.text is not None and isinstance(item, CloseFrame):
                held, self._held.text = self._held.text, None
                yield from self.inner.on_send(held)
            yield from self.inner.on_send(item)

    def _messages(self, text: str) -> Iterable[str]:
        held = self._held.text
        action = self.registry.fire_first(MessageAction, self.stream_id)
        if action is not None:
            return action.edit(text, self._held)
        self._held.text = None
        return (text,) if held is None else (text, held)

    def _close_items(self) -> Iterator[Item]:
        for fault in self.registry.matching(CloseSocketAction, self.stream_id):
            action = fault.action
            assert isinstance(action, CloseSocketAction)
            if action.immediate or not fault.counter.is_open(self.registry.now):
                continue
            self._sent[fault] = self._sent.get(fault, 0) + 1
            if self._sent[fault] == action.after_messages and self.registry.fire(fault, self.stream_id):
                yield from self.inner.on_send(action.item)
