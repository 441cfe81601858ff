"""What carries bodies in and messages out, between the mock and one of its clients.

Plain answers go through middleware. A body that a handler reads, the messages of a result socket and the events of a
streamed answer do not: whoever wants to change those puts a courier of its own on the request.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Closing:
    """The end, as a close frame says it. An event stream has no words for it and only stops."""

    code: int
    reason: str


Item = str | bytes | Closing
"""A message or the data of an event; raw bytes, which a socket sends as a binary message; or the end."""


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
