"""How fast a run calls a target that others use too."""

from collections.abc import Callable
from email.utils import parsedate_to_datetime

from ovs_contracts.transport.exchange import Call, Exchange
from ovs_contracts.transport.realtime import stopwatch, unix_seconds, wait

CALLS_PER_SECOND = 5.0
MAX_DELAY_SECONDS = 60.0
BUSY = {429, 503}


class CallPacing:
    """Calls begin at least ``1 / a_second`` apart, and later when the target said when to come back."""

    def __init__(
        self,
        calls_per_second: float = CALLS_PER_SECOND,
        *,
        now: Callable[[], float] = stopwatch,
        pause: Callable[[float], None] = wait,
        date: Callable[[], float] = unix_seconds,
    ) -> None:
        self._interval = 1 / calls_per_second
        self._now = now
        self._pause = pause
        self._date = date
        self._next = now()

    def before(self, call: Call) -> None:
        if (early := self._next - self._now()) > 0:
            self._pause(early)
        self._next = self._now() + self._interval

    def after(self, exchange: Exchange) -> None:
        if exchange.status in BUSY and (told := exchange.headers.get("retry-after")):
            self._next = max(self._next, self._now() + min(MAX_DELAY_SECONDS, self._retry_after_seconds(told)))

    def _retry_after_seconds(self, told: str) -> float:
        """From the header's seconds or its date."""
        try:
            return max(0.0, float(told))
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(told).timestamp() - self._date())
        except ValueError:
            return 0.0
