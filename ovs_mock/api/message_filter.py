"""What carries bodies in and messages out, between the mock and one of its clients.

Plain answers go through middleware. A body that a handler reads, the messages of a result socket and the events of a
streamed answer do not: whoever wants to change those puts a message filter of its own on the request.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True)
class CloseFrame:
    """The end, as a close frame says it. An event stream has no words for it and only stops."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Abort:
    """The connection ends here, without a word."""


@dataclass(frozen=True, slots=True, eq=False)
class Pause:
    """An event stream says nothing more until it is lifted. On a socket it means nothing."""

    lifted: asyncio.Event = field(default_factory=asyncio.Event)
    caught_up: asyncio.Event = field(default_factory=asyncio.Event)
    """Whether all that was held back has been written."""


Item = str | bytes | CloseFrame | Abort | Pause
"""A message or the data of an event; raw bytes, which a socket sends as a binary message; or an end, or a pause."""


class MessageFilter:
    """This one changes nothing."""

    def on_receive(self, body: bytes) -> bytes:
        """The body that the handler gets."""
        return body

    def on_send(self, item: Item) -> Iterable[Item]:
        """What is sent in place of the item; called in order, once for each."""
        return (item,)


MESSAGE_FILTER = web.RequestKey("message_filter", MessageFilter)
PASSTHROUGH = MessageFilter()


def message_filter_of(request: web.Request) -> MessageFilter:
    """Who carries what belongs to this request."""
    found: MessageFilter = request.get(MESSAGE_FILTER, PASSTHROUGH)
    return found
