"""Actions on streamed chat answers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from aiohttp import web

from ovs_mock.api.call import CALL
from ovs_mock.api.chat.sse import DONE
from ovs_mock.api.message_filter import Abort, CloseFrame, Item, MessageFilter, Pause
from ovs_mock.faults.api_errors import chat_error
from ovs_mock.faults.fault import FaultAction
from ovs_mock.faults.registry import FaultRegistry

CLEAN_END = CloseFrame(0, "")


@dataclass(frozen=True, slots=True)
class ChatAction(FaultAction):
    """An action on an answer after ``after_chunks`` of its chunks have been sent."""

    after_chunks: int = 0

    def items(self, registry: FaultRegistry, request: web.Request) -> Iterator[Item]:
        """What is sent then."""
        raise NotImplementedError

    def _text(self, action: str) -> str:
        return f"{action} after {self.after_chunks} chunks" if self.after_chunks else action


@dataclass(frozen=True, slots=True)
class TruncateChat(ChatAction):
    """Ends the answer before its end and without ``[DONE]``; ``clean`` closes the connection normally."""

    clean: bool = False

    def __str__(self) -> str:
        return self._text("ended without [DONE]" if self.clean else "truncated")

    def items(self, registry: FaultRegistry, request: web.Request) -> Iterator[Item]:
        yield CLEAN_END if self.clean else Abort()


@dataclass(frozen=True, slots=True)
class StallChat(ChatAction):
    """Sends nothing for ``seconds``; ``None`` for ever."""

    seconds: float | None = None

    def __str__(self) -> str:
        return self._text("stalled" if self.seconds is None else f"stalled for {self.seconds:g} s")

    def items(self, registry: FaultRegistry, request: web.Request) -> Iterator[Item]:
        pause = Pause()
        registry.resume_later(pause, self.seconds)
        yield pause


@dataclass(frozen=True, slots=True)
class MalformEvent(ChatAction):
    """Sends an extra event whose data is no valid JSON."""

    def __str__(self) -> str:
        return self._text("event malformed")

    def items(self, registry: FaultRegistry, request: web.Request) -> Iterator[Item]:
        yield '{"id": "chatcmpl_", "choices": [{"delta": {"con'


@dataclass(frozen=True, slots=True)
class FailChat(ChatAction):
    """Sends the API's error event in place of the rest."""

    message: str | None = None

    def __str__(self) -> str:
        return self._text("error event")

    def items(self, registry: FaultRegistry, request: web.Request) -> Iterator[Item]:
        yield json.dumps(chat_error(request[CALL], self.message, registry.now), separators=(",", ":"))
        yield DONE
        yield CLEAN_END


@dataclass(slots=True, eq=False)
class ChatFaultFilter(MessageFilter):
    """Applies faults to one streamed answer; ``inner`` is the filter after it."""

    registry: FaultRegistry
    request: web.Request
    inner: MessageFilter
    delay: float | None = None
    """Seconds by which the answer begins late."""
    call_action: ChatAction | None = None
    """The action of a fault on the call itself."""
    _sent: int = field(default=0, init=False)

    def on_receive(self, body: bytes) -> bytes:
        return self.inner.on_receive(body)

    def on_send(self, item: Item) -> Iterator[Item]:
        if not isinstance(item, str):
            yield from self.inner.on_send(item)
            return
        if self._sent == 0:
            if self.delay is not None:
                yield from StallChat(seconds=self.delay).items(self.registry, self.request)
            yield from self._fault_items()
        self._sent += item != DONE
        yield from self.inner.on_send(item)
        if item != DONE:
            yield from self._fault_items()

    def _fault_items(self) -> Iterator[Item]:
        action = self.call_action
        if action is not None and action.after_chunks == self._sent:
            self.call_action = None
        else:
            action = self.registry.fire_first(
                ChatAction, self.request, lambda action: action.after_chunks == self._sent
            )
        if action is not None:
            for item in action.items(self.registry, self.request):
                yield from self.inner.on_send(item)
