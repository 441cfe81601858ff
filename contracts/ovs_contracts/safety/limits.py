"""All that watches what a run makes and pays, as one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ovs_contracts.safety.budget import Budget, StreamLimit
from ovs_contracts.safety.errors import NotAllowedError
from ovs_contracts.safety.ledger import StreamLedger, StreamStore
from ovs_contracts.safety.meter import CostMeter
from ovs_contracts.safety.pacing import CallPacing
from ovs_contracts.safety.prices import ListedPrice
from ovs_contracts.transport.observer import CallObserver


@dataclass(slots=True, kw_only=True)
class SafetyLimits:
    """The ledger always; the others where a target charges."""

    ledger: StreamLedger = field(default_factory=StreamLedger)
    budget: Budget | None = None
    stream_limit: StreamLimit | None = None
    pacing: CallPacing | None = None

    @property
    def observers(self) -> list[CallObserver]:
        """The ledger first, as nothing may come between a new stream and its note; pacing last, as it waits."""
        return [guard for guard in (self.ledger, self.stream_limit, self.budget, self.pacing) if guard is not None]

    def take_refusal(self) -> NotAllowedError | None:
        """What was refused since this was asked last, should a check have hidden it."""
        found: NotAllowedError | None = None
        for guard in (self.budget, self.stream_limit):
            if guard is not None:
                found, guard.refusal = found or guard.refusal, None
        return found


def limits_for_charging_target(
    *, budget_cents: float, max_streams: int, prices: Mapping[str, ListedPrice], store: StreamStore | None = None
) -> SafetyLimits:
    """Those of a target that charges."""
    ledger = StreamLedger(store)
    return SafetyLimits(
        ledger=ledger,
        budget=Budget(budget_cents, CostMeter(prices)),
        stream_limit=StreamLimit(max_streams, ledger),
        pacing=CallPacing(),
    )
