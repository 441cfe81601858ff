"""What a run may spend. It stops before the call that could exceed it, not behind it."""

from collections.abc import Iterator
from contextlib import contextmanager

from _pytest.outcomes import Skipped

from ovs_contracts.spending.ledger import Ledger
from ovs_contracts.spending.meter import Meter
from ovs_contracts.spending.streams import CREATE, path_of
from ovs_contracts.wire.exchange import Call, Exchange


class RefusalError(Skipped):
    """What this run may not do: its check is left, and nothing is said about the target.

    As pytest's own way to skip it passes through ``except Exception``, and through those who shrink failures.
    """


class BudgetError(RefusalError):
    """It could cost more than there is."""


class LimitError(RefusalError):
    """It would wait longer, or hold more streams, than this run was told to."""


class Budget:
    """Refuses a call that could exceed ``limit_cents``. From then on everything that costs is refused."""

    def __init__(self, limit_cents: float, meter: Meter) -> None:
        self.limit_cents = limit_cents
        self.meter = meter
        self.ended: str | None = None
        """Why the run was stopped."""
        self.refusal: RefusalError | None = None
        """The last one."""

    @property
    def left(self) -> float:
        """Cents that may still be spent, when what is open costs all that it can."""
        return self.limit_cents - self.meter.spent - self.meter.committed

    def before(self, call: Call) -> None:
        cost = self.meter.may_cost(call)
        if cost > 0 and (self.ended or cost > self.left):
            self.ended = self.ended or (
                f"the budget of {self.limit_cents:g} cents has ended: about {self.meter.spent:.2f} are spent, "
                f"and {call.method} {call.path.partition('?')[0]} could cost {cost:.2f}"
            )
            self.refusal = BudgetError(self.ended)
            raise self.refusal

    def after(self, exchange: Exchange) -> None:
        self.meter.after(exchange)

    def cannot_pay(self, cents: float) -> str | None:
        """Why a check that costs so much should not begin; ``None`` when it may."""
        if self.ended:
            return self.ended
        if cents > self.left:
            return f"the budget: it costs up to {cents:g} cents, and {max(0.0, self.left):.2f} are left"
        return None

    @contextmanager
    def check(self, cents: float) -> Iterator[None]:
        """One check. Where the price of an answer is not known, the check costs what it says that it may."""
        spent, unpriced = self.meter.spent, self.meter.unpriced
        try:
            yield
        finally:
            if self.meter.unpriced > unpriced:
                self.meter.add(max(0.0, cents - (self.meter.spent - spent)))


class AtATime:
    """Refuses to make a stream while so many may still be alive."""

    def __init__(self, limit: int, ledger: Ledger) -> None:
        self.refusal: RefusalError | None = None
        """The last one."""
        self._limit = limit
        self._ledger = ledger

    def before(self, call: Call) -> None:
        making = call.method == "POST" and CREATE.fullmatch(path_of(call))
        if making and len(self._ledger.living()) >= self._limit:
            told = f"would hold more than {self._limit} at a time, the most streams that this run may hold"
            self.refusal = LimitError(told)
            raise self.refusal

    def after(self, exchange: Exchange) -> None:
        """The ledger counts."""
