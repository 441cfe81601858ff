"""Streams that a run has made and not ended yet."""

from collections.abc import Callable
from typing import Protocol

from ovs_contracts.safety.streams import OpenStream, created, ended, renewed
from ovs_contracts.transport.exchange import Call, Exchange
from ovs_contracts.transport.realtime import stopwatch


class StreamStore(Protocol):
    """Keeps what was made beyond the end of this process."""

    def add(self, stream: OpenStream) -> None: ...

    def remove(self, stream_id: str) -> None: ...


class StreamLedger:
    """Sees every stream come and go. The first of all observers: what is made is noted before anything else happens."""

    def __init__(self, store: StreamStore | None = None, now: Callable[[], float] = stopwatch) -> None:
        self.open: dict[str, OpenStream] = {}
        self._store = store
        self._now = now

    def before(self, call: Call) -> None:
        """Nothing has come or gone yet."""

    def after(self, exchange: Exchange) -> None:
        if made := created(exchange, self._now()):
            self.open[made.id] = made
            if self._store:
                self._store.add(made)
        elif (kept := renewed(exchange, self._now())) and kept[0] in self.open:
            self.open[kept[0]].until = kept[1]
        elif gone := ended(exchange, self.open.get):
            del self.open[gone.id]
            if self._store:
                self._store.remove(gone.id)

    def alive(self) -> list[OpenStream]:
        """Those whose lease may still run, in real time."""
        return [stream for stream in self.open.values() if stream.until > self._now()]
