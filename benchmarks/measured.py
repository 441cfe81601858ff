"""A measurement: samples of a figure, and samples of a peer in the same run."""

import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass


class UnavailableError(Exception):
    """Something to be measured is not installed. The message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure, the median of its samples, and the same of a peer in the same run.

    ``paired`` says that each sample was taken right before the peer's sample of the same position. The ratio is then
    the median of the pairs' ratios, which what else the machine does disturbs least.
    """

    key: str
    what: str
    unit: str
    samples: Sequence[float]
    peer: str = ""
    peer_samples: Sequence[float] = ()
    paired: bool = False

    @property
    def value(self) -> float:
        return statistics.median(self.samples)

    @property
    def peer_value(self) -> float | None:
        return statistics.median(self.peer_samples) if self.peer_samples else None

    @property
    def ratio(self) -> float | None:
        """The figure divided by the peer's; ``None`` without a peer, or when noise makes either negative."""
        if self.paired and self.peer_samples:
            return statistics.median(one / other for one, other in zip(self.samples, self.peer_samples, strict=True))
        peer = self.peer_value
        return self.value / peer if peer and peer > 0 and self.value > 0 else None

    def measured(self) -> str:
        text = quantity(self.value, self.unit)
        if len(self.samples) == 1:
            return text
        low, high = (quantity(bound(self.samples)) for bound in (min, max))
        return f"{text} ({low} to {high}, n={len(self.samples)})"

    def beside(self) -> str:
        value = self.peer_value
        return "" if value is None else f"{self.peer}: {quantity(value, self.unit)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Figures that are measured together, and how."""

    title: str
    how: str
    measure: Callable[[], Iterator[Row]]


def quantity(value: float, unit: str = "") -> str:
    """A value with three significant digits, or all digits of a whole number."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}{unit and ' '}{unit}"


def milliseconds(work: Callable[[], object]) -> float:
    """The wall time of the work, in milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1_000


def in_turns(rounds: int, *works: Callable[[], float]) -> list[list[float]]:
    """Samples of each work, taken in turns, so that other load on the machine affects all of them alike."""
    samples: list[list[float]] = [[] for _ in works]
    for _ in counted(range(rounds)):
        for taken, work in zip(samples, works, strict=True):
            taken.append(work())
    return samples


def counted(rounds: Iterable[int]) -> Iterator[int]:
    """The rounds; on a terminal each of them shows progress."""
    for number in rounds:
        if sys.stderr.isatty():
            print(f"\r  round {number + 1} …\x1b[K", end="\r", file=sys.stderr, flush=True)
        yield number
    if sys.stderr.isatty():
        print("\x1b[K", end="\r", file=sys.stderr, flush=True)
