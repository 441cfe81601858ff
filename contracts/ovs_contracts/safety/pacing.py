"""How fast a run calls a target that others use too."""

from collections.abc import Callable
from email.utils import parsedate_to_datetime

from ovs_contracts.transport.exchange import Call, Exchange
from ovs_contracts.transport.realtime import stopwatch, unix_seconds, wait

A_SECOND = 5.0
LONGEST = 60.0
BUSY = {429, 503}


class CallPacing:
    """Calls begin at least ``1 / a_second`` apart, and later when the target said when to come back."""

    def __init__(
        self,
        a_second: float = A_SECOND,
        *,
        now: Callable[[], float] = stopwatch,
        pause: Callable[[float], None] = wait,
        date: Callable[[], float] = unix_seconds,
    ) -> None:
        self._interval = 1 / a_second
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
            self._next = max(self._next, self._now() + min(LONGEST, self._seconds(told)))

    def _seconds(self, told: str) -> float:
        """From the header's seconds or its date."""
        try:
            return max(0.0, float(told))
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(told).timestamp() - self._date())
        except ValueError:
            return 0.0
