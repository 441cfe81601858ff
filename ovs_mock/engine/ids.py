"""Ids from a seeded source: the same seed and the same calls give the same ids."""

import random
from uuid import UUID


class Ids:
    """Makes the ids of one mock. ``seed=None`` takes a seed from the system."""

    def __init__(self, seed: int | None) -> None:
        self._random = random.Random(seed)

    def uuid(self) -> str:
        """A version 4 UUID, as the API's stream ids are."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def tagged(self, tag: str) -> str:
        """An id of the form ``res_3f9c…``."""
        return f"{tag}_{self._random.getrandbits(96):024x}"
