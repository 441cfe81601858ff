"""What time it is at the target, as closely as one can tell, and how to stay clear of moments when things change."""

from collections.abc import Iterable

from ovs_contracts.client.timing import ClockBounds
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.realtime import stopwatch

# A model says nothing about moments closer than this to a deadline: it lets them pass.
SECONDS_BEFORE = 3.0
SECONDS_AFTER = 0.5


class TargetClock:
    """Set by the target's clock once, and whenever that has been moved; in between it goes by itself."""

    def __init__(self, time: TargetTime) -> None:
        self._time = time
        self._set()

    def now(self) -> ClockBounds:
        gone = stopwatch()
        return ClockBounds(self._target_time + gone - self._asked_by, self._target_time + gone - self._asked_at)

    def let_pass(self, seconds: float) -> None:
        self._time.let_pass(seconds)
        self._set()

    def resync(self) -> None:
        """Somebody else has moved the target's clock."""
        self._set()

    def pass_deadlines(self, deadlines: Iterable[ClockBounds]) -> None:
        """Let time pass until no deadline is near."""
        for deadline in sorted(deadlines, key=lambda moment: moment.earliest):
            now = self.now()
            if deadline.earliest - SECONDS_BEFORE <= now.latest and now.earliest <= deadline.latest + SECONDS_AFTER:
                self.let_pass(deadline.latest + SECONDS_AFTER - now.earliest)

    def _set(self) -> None:
        self._asked_at = stopwatch()
        self._target_time = self._time.now()
        self._asked_by = stopwatch()
