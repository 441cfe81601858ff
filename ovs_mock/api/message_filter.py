"""What carries bodies in and messages out, between the mock and one of its clients.

Plain answers go through middleware. A body that a handler reads, the messages of a result socket and the events of a
streamed answer do not: whoever wants to change those puts a courier of its own on the request.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Closing:
    """The end, as a close frame says it. An event stream has no words for it and only stops."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection ends here, without a word."""


@dataclass(frozen=True, slots=True, eq=False)
class Hold:
    """An event stream says nothing more until it is lifted. On a socket it means nothing."""

    lifted: asyncio.Event = field(default_factory=asyncio.Event)
    caught_up: asyncio.Event = field(default_factory=asyncio.Event)
    """Whether all that was held back has been written."""


Item = str | bytes | Closing | Cut | Hold
"""A message or the data of an event; raw bytes, which a socket sends as a binary message; or an end, or a pause."""


class Courier:
    """This one changes nothing."""

    def bring(self, body: bytes) -> bytes:
        """The body that the handler gets."""
        return body

    def send(self, item: Item) -> Iterable[Item]:
        """What is sent in place of the item; called in order, once for each."""
        return (item,)


COURIER = web.RequestKey("courier", Courier)
FAITHFUL = Courier()


def courier_of(request: web.Request) -> Courier:
    """Who carries what belongs to this request."""
    found: Courier = request.get(COURIER, FAITHFUL)
    return found
