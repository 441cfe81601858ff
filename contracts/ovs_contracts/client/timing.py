"""When something happened by the target's clock, as closely as one can tell from outside.

A call is carried out at some instant between its beginning and its answer. What a check claims about durations has to
allow for that, and may not claim more: on a slow machine or a far target these are long.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.exchange import Deviation, Exchange

T = TypeVar("T")

# What clocks of different machines may differ by over a minute, and what figures may be rounded by.
TOLERANCE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class ClockBounds:
    """Not before ``earliest`` and not after ``latest``, in seconds since the Unix epoch."""

    earliest: float
    latest: float

    def __add__(self, seconds: float) -> "ClockBounds":
        return ClockBounds(self.earliest + seconds, self.latest + seconds)

    def since(self, earlier: "ClockBounds") -> tuple[float, float]:
        """Seconds since ``earlier``, at least and at most."""
        return max(0.0, self.earliest - earlier.latest), self.latest - earlier.earliest

    def milliseconds(self) -> tuple[float, float]:
        """The bounds in milliseconds, with a millisecond for rounding on either side."""
        return self.earliest * 1000 - 1, self.latest * 1000 + 1


def timed(time: TargetTime, act: Callable[[], T]) -> tuple[T, ClockBounds]:
    """What ``act`` returns, and when it was done."""
    earliest = time.now()
    done = act()
    return done, ClockBounds(earliest, time.now())


def hold_duration(
    claim: str, seconds: float, begun: ClockBounds, ended: ClockBounds, exchange: Exchange | None = None
) -> None:
    """A Deviation unless so many seconds may have passed between the two."""
    least, most = ended.earliest - begun.latest, ended.latest - begun.earliest
    if not least - TOLERANCE_SECONDS <= seconds <= most + TOLERANCE_SECONDS:
        expected = f"{least:.2f} to {most:.2f} seconds"
        raise Deviation(claim, expected=expected, seen=f"{seconds:g} seconds", exchange=exchange)


def wait_until(time: TargetTime, instant: float) -> None:
    """Let the target's time pass until ``instant``, if that is yet to come."""
    time.let_pass(max(0.0, instant - time.now()))
