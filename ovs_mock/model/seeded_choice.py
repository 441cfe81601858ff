"""A random generator without state: its numbers are digests of a seed and of the position of a choice."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class SeededChoice:
    """The random choices at one position. ``at`` returns those of another one, which are independent of these."""

    def __init__(self, key: str) -> None:
        self._key = key

    def at(self, *steps: object) -> "SeededChoice":
        """The choices at a position below this one."""
        return SeededChoice(hashlib.sha256(f"{self._key}/{'/'.join(map(repr, steps))}".encode()).hexdigest())

    def below(self, end: int) -> int:
        """A whole number from 0 to ``end`` - 1."""
        return self._number() % end

    def fraction(self) -> float:
        """A number from 0 to 1, without 1."""
        return (self._number() >> 11) / (1 << 53)

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def rotated(self, choices: Sequence[T]) -> list[T]:
        """All choices in their order, starting at a random one."""
        start = self.below(len(choices)) if choices else 0
        return [*choices[start:], *choices[:start]]

    def hexadecimal(self, digits: int) -> str:
        """Up to 64 digits."""
        return hashlib.sha256(self._key.encode()).hexdigest()[:digits]

    def _number(self) -> int:
        return int.from_bytes(hashlib.sha256(self._key.encode()).digest()[:8])
