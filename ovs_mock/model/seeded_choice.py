"""Choices that look random and are the same each time: digests of a seed and of the place where a choice is made."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class SeededChoice:
    """The choices at one place. ``at`` leads to other places, whose choices have nothing to do with these."""

    def __init__(self, key: str) -> None:
        self._key = key

    def at(self, *steps: object) -> "SeededChoice":
        return SeededChoice(hashlib.sha256(f"{self._key}/{'/'.join(map(repr, steps))}".encode()).hexdigest())

    def below(self, end: int) -> int:
        """A whole number from 0 to ``end`` - 1."""
        return self._number() % end

    def share(self) -> float:
        """A number from 0 to 1, without 1."""
        return (self._number() >> 11) / (1 << 53)

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def rotated(self, choices: Sequence[T]) -> list[T]:
        """All choices, in their order, beginning anywhere."""
        start = self.below(len(choices)) if choices else 0
        return [*choices[start:], *choices[:start]]

    def hexadecimal(self, digits: int) -> str:
        """Up to 64 digits."""
        return hashlib.sha256(self._key.encode()).hexdigest()[:digits]

    def _number(self) -> int:
        return int.from_bytes(hashlib.sha256(self._key.encode()).digest()[:8])
