"""v0.2: how sockets hear that their stream has ended."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from ovs_mock.api.message_filter import CloseFrame, Item, MessageFilter
from ovs_mock.engine.commands import AuthenticateSocket
from ovs_mock.engine.events import SocketRejected, SocketRejection
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.engines import on_command
from ovs_mock.mutants.exchange import MutantRequest
from ovs_mock.mutants.message_filters import SOCKET, close_frames, filters

AREA = Area("v02/closing")
ENDED = 1001
PREFIX = "stream ended: "


def _ended(change: Callable[[CloseFrame], CloseFrame | None]) -> Callable[[CloseFrame], CloseFrame | None]:
    return lambda closing: change(closing) if closing.code == ENDED else closing


class OneMore(MessageFilter):
    """Sends the last result again when the stream has ended."""

    def __init__(self, _: MutantRequest) -> None:
        self._last: Item | None = None

    def on_send(self, item: Item) -> Iterable[Item]:
        if isinstance(item, CloseFrame):
            return (item,) if self._last is None else (self._last, item)
        self._last = item
        return (item,)


class Farewell(MessageFilter):
    """Says in a message of its own that the stream has ended."""

    def __init__(self, _: MutantRequest) -> None:
        pass

    def on_send(self, item: Item) -> Iterable[Item]:
        ended = isinstance(item, CloseFrame) and item.code == ENDED
        return ('{"event": "stream_ended"}', item) if ended else (item,)


MUTANTS = (
    AREA(
        "v02-end-closes-with-1000",
        "sockets of a stream that ends are closed with 1000",
        message_filter=close_frames(_ended(lambda closing: replace(closing, code=1000))),
    ),
    AREA(
        "v02-end-closes-with-1008",
        "sockets of a stream that ends are closed with 1008",
        message_filter=close_frames(_ended(lambda closing: replace(closing, code=1008))),
    ),
    AREA(
        "v02-end-without-reason",
        "sockets of a stream that ends are told no reason",
        message_filter=close_frames(_ended(lambda closing: replace(closing, reason=""))),
    ),
    AREA(
        "v02-end-reason-bare",
        "the close reason is the end reason alone",
        message_filter=close_frames(
            _ended(lambda closing: replace(closing, reason=closing.reason.removeprefix(PREFIX)))
        ),
    ),
    AREA(
        "v02-end-reason-in-words",
        "the close reason has spaces in place of underscores",
        message_filter=close_frames(_ended(lambda closing: replace(closing, reason=closing.reason.replace("_", " ")))),
    ),
    AREA(
        "v02-end-reason-always-expired",
        "the close reason is lease_expired, whatever the end was",
        message_filter=close_frames(_ended(lambda closing: replace(closing, reason=PREFIX + "lease_expired"))),
    ),
    AREA(
        "v02-end-leaves-sockets-open",
        "sockets stay open when their stream ends",
        message_filter=close_frames(_ended(lambda _: None)),
    ),
    AREA(
        "v02-end-repeats-last-result",
        "a result comes once more when the stream has ended",
        message_filter=filters(SOCKET, OneMore),
    ),
    AREA(
        "v02-end-announced",
        "a message says that the stream has ended, before the close frame",
        message_filter=filters(SOCKET, Farewell),
    ),
    AREA(
        "v02-end-forgotten-at-once",
        "a socket that comes right after the end is told that the stream is not found",
        engine=on_command(
            AuthenticateSocket,
            lambda command, step: [
                replace(event, rejection=SocketRejection.STREAM_NOT_FOUND, end_reason=None)
                if isinstance(event, SocketRejected) and event.end_reason is not None
                else event
                for event in step.run(command)
            ],
        ),
    ),
)
