"""Who sees every call of a run: those who pace it, count its cost, check it, write it down."""

from typing import Protocol

from ovs_contracts.transport.exchange import Call, Exchange


class CallObserver(Protocol):
    """Both may raise: before, to refuse a call; after, to say what was wrong with its answer."""

    def before(self, call: Call) -> None: ...

    def after(self, exchange: Exchange) -> None: ...


class ExchangeLog:
    """Remembers what happened lately, for whoever explains a failure. Keys are hidden when it is shown, not here."""

    def __init__(self, limit: int = 200) -> None:
        self._limit = limit
        self.exchanges: list[Exchange] = []

    def before(self, call: Call) -> None:
        """Nothing has happened yet."""

    def after(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        del self.exchanges[: -self._limit]

    def clear(self) -> None:
        self.exchanges.clear()
