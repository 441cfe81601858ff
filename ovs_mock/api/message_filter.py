"""Message filters: what changes or records bodies, messages and events between the mock and one client.

Plain responses pass middlewares. Bodies that a handler reads, messages of a result socket and events of a streamed
response do not: to change those, a middleware puts a message filter on the request.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True)
class CloseFrame:
    """Ends a socket with a close frame. An event stream has none, and only stops."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Abort:
    """Ends the connection without a close frame."""


@dataclass(frozen=True, slots=True, eq=False)
class Pause:
    """Pauses an event stream until it is lifted. On a socket it has no effect."""

    lifted: asyncio.Event = field(default_factory=asyncio.Event)
    caught_up: asyncio.Event = field(default_factory=asyncio.Event)
    """Whether everything that waited for the end of the pause was written."""


Item = str | bytes | CloseFrame | Abort | Pause
"""A message or the data of an event; raw bytes, which a socket sends as a binary message; or an end, or a pause."""


class MessageFilter:
    """Passes everything through; subclasses change or record it."""

    def on_receive(self, body: bytes) -> bytes:
        """The body that the handler gets."""
        return body

    def on_send(self, item: Item) -> Iterable[Item]:
        """The items to send in place of one; called in order, once for each."""
        return (item,)


MESSAGE_FILTER = web.RequestKey("message_filter", MessageFilter)
PASSTHROUGH = MessageFilter()


def message_filter_of(request: web.Request) -> MessageFilter:
    """The message filter of a request."""
    found: MessageFilter = request.get(MESSAGE_FILTER, PASSTHROUGH)
    return found
