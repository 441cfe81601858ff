"""Distinguishes failures of the contract from those of a target that is out of order for a moment."""

from collections.abc import Iterator

import httpx
from websockets.exceptions import InvalidHandshake, InvalidStatus

from ovs_contracts.transport.exchange import Deviation, Exchange

OUT_OF_ORDER = frozenset({502, 503, 504})


def transient_error(error: BaseException) -> str | None:
    """What was out of order, when the failure consists of that; ``None`` when it says something about the contract."""
    for cause in _chain(error):
        if isinstance(cause, httpx.TransportError):
            return f"{type(cause).__name__}: {cause}" if str(cause) else type(cause).__name__
        if isinstance(cause, InvalidStatus) and cause.response.status_code >= 500:
            return f"{cause.response.status_code} at a handshake"
        if isinstance(cause, ConnectionError | InvalidHandshake) or _never_opened(cause):
            return f"{type(cause).__name__}: {cause}"
        if isinstance(cause, Deviation) and cause.exchange and cause.exchange.status in OUT_OF_ORDER:
            return _summary(cause.exchange)
    return None


def error_status(exchanges: list[Exchange]) -> str | None:
    """The last answer with a status of 500 or more."""
    return next((_summary(exchange) for exchange in reversed(exchanges) if exchange.status >= 500), None)


def payment_required(exchanges: list[Exchange]) -> str | None:
    """The last answer with status 402: the account has no credits left."""
    return next((_summary(exchange) for exchange in reversed(exchanges) if exchange.status == 402), None)


def is_unreachable(error: BaseException) -> bool:
    """Whether no connection could be made."""
    return any(isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout) for cause in _chain(error))


def _never_opened(cause: BaseException) -> bool:
    """Whether a WebSocket handshake timed out. Other timeouts may be what a check is about."""
    return isinstance(cause, TimeoutError) and "handshake" in str(cause)


def _summary(exchange: Exchange) -> str:
    return f"{exchange.status} from {exchange.call.method} {exchange.call.path.partition('?')[0]}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The failure, its causes and the members of groups."""
    seen: set[int] = set()
    queue: list[BaseException | None] = [error]
    while queue:
        cause = queue.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        queue += [cause.__cause__, None if cause.__suppress_context__ else cause.__context__]
        if isinstance(cause, BaseExceptionGroup):
            queue += cause.exceptions
