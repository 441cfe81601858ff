"""The limits that a run is held to: beyond one of them, it fails. Wide enough for a busy machine of two cores."""

from dataclasses import dataclass
from typing import Literal

from benchmarks.measured import Row, quantity


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound of a row's figure, or of its ratio to the peer's."""

    key: str
    of: Literal["figure", "ratio"]
    must_be: Literal["at most", "at least"]
    bound: float

    def measured(self, row: Row) -> float | None:
        return row.value if self.of == "figure" else row.ratio

    def holds(self, row: Row) -> bool:
        measured = self.measured(row)
        if measured is None:
            return True
        return measured <= self.bound if self.must_be == "at most" else measured >= self.bound

    def text(self, unit: str) -> str:
        bound = quantity(self.bound, unit) if self.of == "figure" else f"{quantity(self.bound)} times"
        return f"{self.must_be} {bound}"


LIMITS = {
    limit.key: limit
    for limit in (
        Limit("serve.start", "ratio", "at most", 6),
        Limit("plugin.import", "figure", "at most", 10),
        Limit("plugin.pytest", "figure", "at most", 50),
        Limit("ovs.fixture", "figure", "at most", 5),
        Limit("ovs.fixture.used", "figure", "at most", 10),
        Limit("suite.twenty", "ratio", "at most", 10),
        Limit("suite.twenty.bare", "ratio", "at most", 4),
        Limit("call.models", "ratio", "at most", 3),
        Limit("call.create", "ratio", "at most", 5),
        Limit("call.create.fair", "ratio", "at most", 4),
        Limit("advance.quiet", "figure", "at most", 100),
        Limit("advance.idle", "figure", "at most", 2_000),
        Limit("advance.expire", "figure", "at most", 2_000),
        Limit("advance.inferences", "figure", "at most", 10_000),
        Limit("pushed.drawn", "figure", "at least", 1_000),
        Limit("pushed.arrays", "figure", "at least", 200),
        Limit("video.total.default", "figure", "at most", 5_000),
        Limit("video.total.dual", "figure", "at most", 5_000),
        Limit("frames.decoded", "figure", "at least", 95),
    )
}
