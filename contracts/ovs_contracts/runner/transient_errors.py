"""Whether a failure speaks of the contract, or of a target that was out of order for a moment."""

from collections.abc import Iterator

import httpx
from websockets.exceptions import InvalidHandshake, InvalidStatus

from ovs_contracts.transport.exchange import Deviation, Exchange

OUT_OF_ORDER = frozenset({502, 503, 504})


def trouble_of(error: BaseException) -> str | None:
    """What was out of order, when the failure itself is that; ``None`` when it says something about the contract."""
    for cause in _chain(error):
        if isinstance(cause, httpx.TransportError):
            return f"{type(cause).__name__}: {cause}" if str(cause) else type(cause).__name__
        if isinstance(cause, InvalidStatus) and cause.response.status_code >= 500:
            return f"{cause.response.status_code} at a handshake"
        if isinstance(cause, ConnectionError | InvalidHandshake) or _never_opened(cause):
            return f"{type(cause).__name__}: {cause}"
        if isinstance(cause, Deviation) and cause.exchange and cause.exchange.status in OUT_OF_ORDER:
            return _answer(cause.exchange)
    return None


def trouble_among(exchanges: list[Exchange]) -> str | None:
    """The last answer by which the target said that it was out of order."""
    return next((_answer(exchange) for exchange in reversed(exchanges) if exchange.status >= 500), None)


def refused_payment(exchanges: list[Exchange]) -> str | None:
    """The last answer by which the target said that the account has run out of money."""
    return next((_answer(exchange) for exchange in reversed(exchanges) if exchange.status == 402), None)


def is_unreachable(error: BaseException) -> bool:
    """Whether nobody was there to answer."""
    return any(isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout) for cause in _chain(error))


def _never_opened(cause: BaseException) -> bool:
    """A WebSocket that nobody opened in time; other things that did not happen in time may be what a check is about."""
    return isinstance(cause, TimeoutError) and "handshake" in str(cause)


def _answer(exchange: Exchange) -> str:
    return f"{exchange.status} from {exchange.call.method} {exchange.call.path.partition('?')[0]}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The failure, what it holds, and what it came from."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, None if cause.__suppress_context__ else cause.__context__]
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions
