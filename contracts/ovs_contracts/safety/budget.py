"""What a run may spend. It stops before the call that could exceed it, not behind it."""

from collections.abc import Iterator
from contextlib import contextmanager

from ovs_contracts.safety.errors import BudgetError, LimitError, NotAllowedError
from ovs_contracts.safety.ledger import StreamLedger
from ovs_contracts.safety.meter import CostMeter
from ovs_contracts.safety.streams import created_by, path_of
from ovs_contracts.transport.exchange import Call, Exchange

TOO_MANY_STREAMS = "holds more streams at a time than this run may"


class Budget:
    """Refuses a call that could exceed ``limit_cents``. From then on everything that costs is refused."""

    def __init__(self, limit_cents: float, meter: CostMeter) -> None:
        self.limit_cents = limit_cents
        self.meter = meter
        self.stopped_by: str | None = None
        """Why the run was stopped."""
        self.refusal: NotAllowedError | None = None
        """The last one."""

    @property
    def remaining(self) -> float:
        """Cents that may still be spent, when what is open costs all that it can."""
        return self.limit_cents - self.meter.spent - self.meter.committed

    def before(self, call: Call) -> None:
        cost = self.meter.max_cost(call)
        if cost > 0 and (self.stopped_by or cost > self.remaining):
            asked = f"{call.method} {path_of(call)} could cost {cost:.2f} cents"
            detail = None if self.stopped_by else f"about {self.meter.spent:.2f} are spent, and {asked}"
            self.stopped_by = self.stopped_by or detail
            self.refusal = self.stop_error(detail)
            raise self.refusal

    def after(self, exchange: Exchange) -> None:
        self.meter.after(exchange)

    def require(self, cents: float) -> None:
        """A BudgetError when a check that costs so much should not begin."""
        if self.stopped_by:
            raise self.stop_error()
        if cents > self.remaining:
            detail = f"it may cost {cents:g} cents, and {max(0.0, self.remaining):.2f} are left"
            raise BudgetError("more than is left of the budget", detail)

    def stop_error(self, detail: str | None = None) -> BudgetError:
        """What is said to every check from now on; why, to the first."""
        return BudgetError(f"the budget of {self.limit_cents:g} cents has ended", detail)

    @contextmanager
    def check(self, cents: float) -> Iterator[None]:
        """One check. Where the price of an answer is not known, the check costs what it says that it may."""
        spent, unpriced = self.meter.spent, self.meter.unpriced
        try:
            yield
        finally:
            if self.meter.unpriced > unpriced:
                self.meter.add(max(0.0, cents - (self.meter.spent - spent)))


class StreamLimit:
    """Refuses to make a stream while so many may still be alive."""

    def __init__(self, limit: int, ledger: StreamLedger) -> None:
        self.refusal: NotAllowedError | None = None
        """The last one."""
        self._limit = limit
        self._ledger = ledger

    def before(self, call: Call) -> None:
        if created_by(call) and len(self._ledger.alive()) >= self._limit:
            self.refusal = LimitError(TOO_MANY_STREAMS, f"it has {self._limit} and asks for one more")
            raise self.refusal

    def after(self, exchange: Exchange) -> None:
        """The ledger counts."""
