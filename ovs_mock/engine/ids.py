"""Ids from a seeded source: the same seed and the same calls give the same ids.

Each kind of id has a sequence of its own, so that the third stream has the same id however many sockets were opened
before it.
"""

import random
from uuid import UUID


class SeededRandom:
    """Yields hits with the probability ``rate``, in the same order for the same seed."""

    def __init__(self, rate: float, seed: int) -> None:
        self._rate = rate
        self._source = random.Random(seed)

    def hit(self) -> bool:
        return self._source.random() < self._rate


class Ids:
    """Makes the ids of one mock. ``seed=None`` takes a seed from the system."""

    def __init__(self, seed: int | None, name: str = "") -> None:
        number = random.SystemRandom().getrandbits(64) if seed is None else seed
        self._seed = f"{number}/{name}" if name else str(number)
        self._sequences: dict[str, random.Random] = {}

    def uuid(self, kind: str) -> str:
        """A version 4 UUID, as the API's stream ids are."""
        return str(UUID(int=self._sequence(kind).getrandbits(128), version=4))

    def tagged(self, tag: str) -> str:
        """An id of the form ``res_3f9c…``."""
        return f"{tag}_{self._sequence(tag).getrandbits(96):024x}"

    def _sequence(self, kind: str) -> random.Random:
        if kind not in self._sequences:
            self._sequences[kind] = random.Random(f"{self._seed}/{kind}")
        return self._sequences[kind]
