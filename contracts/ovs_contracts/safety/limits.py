"""All that watches what a run makes and pays, as one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ovs_contracts.safety.budget import AtATime, Budget
from ovs_contracts.safety.errors import RefusalError
from ovs_contracts.safety.ledger import Ledger, Memory
from ovs_contracts.safety.meter import Meter
from ovs_contracts.safety.pacing import Pacing
from ovs_contracts.safety.prices import Price
from ovs_contracts.transport.observer import Observer


@dataclass(slots=True, kw_only=True)
class Guards:
    """The ledger always; the others where a target charges."""

    ledger: Ledger = field(default_factory=Ledger)
    budget: Budget | None = None
    at_a_time: AtATime | None = None
    pacing: Pacing | None = None

    @property
    def observers(self) -> list[Observer]:
        """The ledger first, as nothing may come between a new stream and its note; pacing last, as it waits."""
        return [guard for guard in (self.ledger, self.at_a_time, self.budget, self.pacing) if guard is not None]

    def refusal(self) -> RefusalError | None:
        """What was refused since this was asked last, should a check have hidden it."""
        found: RefusalError | None = None
        for guard in (self.budget, self.at_a_time):
            if guard is not None:
                found, guard.refusal = found or guard.refusal, None
        return found


def guards_for_money(
    *, budget_cents: float, max_streams: int, prices: Mapping[str, Price], memory: Memory | None = None
) -> Guards:
    """Those of a target that charges."""
    ledger = Ledger(memory)
    return Guards(
        ledger=ledger,
        budget=Budget(budget_cents, Meter(prices)),
        at_a_time=AtATime(max_streams, ledger),
        pacing=Pacing(),
    )
