"""Money, in whole microcents: 1 cent is 1,000,000 microcents."""

from ovs_mock.engine.instants import MINUTE
from ovs_mock.util.records import record

MICROCENTS_PER_CENT = 1_000_000


@record(frozen=True, slots=True)
class Charge:
    """What a stretch of stream time cost: microseconds and microcents."""

    duration: int
    microcents: int


class StreamMeter:
    """Charges stream time from one instant on.

    Each charge is the price of all time so far less what was charged before, so that many small charges add up to
    exactly one large one.
    """

    def __init__(self, started_at: int, microcents_per_minute: int) -> None:
        self._started_at = started_at
        self._rate = microcents_per_minute
        self._charged_until = started_at
        self._charged = 0

    @property
    def charged(self) -> int:
        """Microcents charged so far."""
        return self._charged

    def due(self, now: int) -> Charge:
        """What would be charged now."""
        total = (now - self._started_at) * self._rate // MINUTE
        return Charge(now - self._charged_until, total - self._charged)

    def charge(self, now: int, *, at_most: int | None = None) -> Charge:
        """Charge the time since the last charge, writing off what goes beyond ``at_most``."""
        due = self.due(now)
        charged = due if at_most is None else Charge(due.duration, min(due.microcents, at_most))
        self._charged_until = now
        self._charged += due.microcents
        return charged
