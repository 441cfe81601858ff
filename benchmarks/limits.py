"""The limits of a run: how far a row's ratio may be from the ratio that was measured on a quiet machine.

Each ratio is a figure over that of a peer in the same run, so that a slower or busier machine changes both. To set the
limits anew, run ``make bench`` on a quiet machine and copy the ratios of ``RESULTS.md`` into ``LIMITS``.
"""

from dataclasses import dataclass
from typing import Literal

from benchmarks.measured import Row, quantity

# Figures of one machine move by 20 %; a regression of half must fail.
TOLERANCE = 1.48
# A row beyond its limit is measured again this many times before it fails.
RETRIES = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound of a row's ratio to its peer."""

    key: str
    measured: float
    """The ratio on a quiet machine."""
    must_be: Literal["at most", "at least"] = "at most"
    tolerance: float = TOLERANCE

    @property
    def bound(self) -> float:
        return self.measured * self.tolerance if self.must_be == "at most" else self.measured / self.tolerance

    def holds(self, row: Row) -> bool:
        """Whether the row is within the limit; a row without a ratio, whose peer is missing, is."""
        if row.ratio is None:
            return True
        return row.ratio <= self.bound if self.must_be == "at most" else row.ratio >= self.bound

    def __str__(self) -> str:
        return f"{self.must_be} {quantity(self.bound)} times"


LIMITS = {
    limit.key: limit
    for limit in (
        Limit("serve.start", 1.38),
        Limit("plugin.import", 0.18),
        Limit("plugin.pytest", 0.21),
        Limit("ovs.fixture", 23.6),
        Limit("ovs.fixture.used", 8),
        Limit("suite.twenty", 4.0),
        Limit("suite.twenty.bare", 1.8),
        Limit("call.models", 2.1),
        Limit("call.many", 1.4),
        Limit("call.create", 3.0),
        Limit("call.create.fair", 1.5),
        Limit("advance.quiet", 2.4),
        Limit("advance.idle", 43),
        Limit("advance.expire", 15),
        Limit("advance.inferences", 150),
        Limit("pushed.drawn", 18),
        Limit("pushed.arrays", 1.1),
        Limit("video.total.default", 1.8),
        Limit("video.total.dual", 1.57),
        Limit("frames.cpu", 19.0),
        # Every frame should be decoded; the sender may drop a few on a busy machine.
        Limit("frames.decoded", 1.0, "at least", tolerance=1.05),
    )
}
