"""What time it is at the target, as closely as one can tell, and how to stay clear of moments when things change."""

from collections.abc import Iterable
from dataclasses import dataclass

from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.realtime import stopwatch

# A model says nothing about moments closer than this to a deadline: it lets them pass.
BEFORE = 3.0
BEHIND = 0.5


@dataclass(frozen=True, slots=True)
class ClockBounds:
    """Not before ``earliest`` and not after ``latest``, in seconds since the Unix epoch."""

    earliest: float
    latest: float

    def __add__(self, seconds: float) -> "ClockBounds":
        return ClockBounds(self.earliest + seconds, self.latest + seconds)

    def since(self, earlier: "ClockBounds") -> tuple[float, float]:
        """Seconds, at least and at most."""
        return max(0.0, self.earliest - earlier.latest), self.latest - earlier.earliest


class TargetClock:
    """Set by the target's clock once, and whenever that has been moved; in between it goes by itself."""

    def __init__(self, time: TargetTime) -> None:
        self._time = time
        self._set()

    def now(self) -> ClockBounds:
        gone = stopwatch()
        return ClockBounds(self._shown + gone - self._asked_by, self._shown + gone - self._asked_at)

    def let_pass(self, seconds: float) -> None:
        self._time.let_pass(seconds)
        self._set()

    def moved(self) -> None:
        """Somebody else has moved the target's clock."""
        self._set()

    def pass_by(self, deadlines: Iterable[ClockBounds]) -> None:
        """Let time pass until no deadline is near."""
        for deadline in sorted(deadlines, key=lambda moment: moment.earliest):
            now = self.now()
            if deadline.earliest - BEFORE <= now.latest and now.earliest <= deadline.latest + BEHIND:
                self.let_pass(deadline.latest + BEHIND - now.earliest)

    def _set(self) -> None:
        self._asked_at = stopwatch()
        self._shown = self._time.now()
        self._asked_by = stopwatch()
