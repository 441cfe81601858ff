"""What a measurement is: samples, and the peer or limit that they stand beside."""

import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass


class UnavailableError(Exception):
    """What this would measure is not installed. The message says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure: the median of its samples, beside the median of a peer's from the same run."""

    key: str
    what: str
    unit: str
    samples: Sequence[float]
    peer: str = ""
    peer_samples: Sequence[float] = ()

    @property
    def value(self) -> float:
        return statistics.median(self.samples)

    @property
    def peer_value(self) -> float | None:
        return statistics.median(self.peer_samples) if self.peer_samples else None

    @property
    def ratio(self) -> float | None:
        """How many times the peer's figure this is; nothing when either drowns in noise below zero."""
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
    """Three digits that count, whatever the size."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}{unit and ' '}{unit}"


def milliseconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1_000


def in_turns(rounds: int, *works: Callable[[], float]) -> list[list[float]]:
    """Samples of each work, taken in turns, so that what else the machine does meets all of them alike."""
    samples: list[list[float]] = [[] for _ in works]
    for _ in counted(range(rounds)):
        for taken, work in zip(samples, works, strict=True):
            taken.append(work())
    return samples


def counted(rounds: Iterable[int]) -> Iterator[int]:
    """The rounds, each of which shows on a terminal that something goes on."""
    for number in rounds:
        if sys.stderr.isatty():
            print(f"\r  round {number + 1} …\x1b[K", end="\r", file=sys.stderr, flush=True)
        yield number
    if sys.stderr.isatty():
        print("\x1b[K", end="\r", file=sys.stderr, flush=True)
