"""What the model sees in a picture, computed once per picture."""

import weakref
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard

from ovs_mock.engine.frames import Picture
from ovs_mock.util.records import record
from ovs_mock.video.pixels import Pixels

if TYPE_CHECKING:
    from ovs_mock.video.stamp import Stamp


@record(frozen=True, slots=True)
class Observation:
    """What the model sees in one picture.

    Attributes:
        width: In pixels.
        height: In pixels.
        colour: The name of the dominant colour; ``None`` for a picture without pixels.
        stamp: The number and time in its pixels; ``None`` when there are none.
    """

    width: int
    height: int
    colour: str | None = None
    stamp: "Stamp | None" = None


class FrameObserver:
    """Observes pictures, and caches an observation as long as its picture lives.

    A picture that allows no weak references is observed each time. May be used from several threads.
    """

    def __init__(self) -> None:
        self._observations: dict[int, tuple[weakref.ref[Picture], Observation]] = {}

    def known(self, picture: Picture) -> Observation | None:
        """The cached observation; for a picture without pixels, its size."""
        if not _has_pixels(picture):
            return Observation(picture.width, picture.height)
        cached = self._observations.get(id(picture))
        return cached[1] if cached is not None and cached[0]() is picture else None

    def observe(self, picture: Picture) -> Observation:
        """The observation of a picture; takes milliseconds the first time."""
        known = self.known(picture)
        if known is not None:
            return known
        assert _has_pixels(picture), "pictures without pixels are known"
        observation = _observe(picture)
        self._cache(picture, observation)
        return observation

    def _cache(self, picture: Picture, observation: Observation) -> None:
        with suppress(TypeError):
            reference = weakref.ref(picture, _Remove(self._observations, id(picture)))
            self._observations[id(picture)] = (reference, observation)


@dataclass(frozen=True, slots=True)
class _Remove:
    """Removes the observation of a picture that no longer exists, unless another picture has its id now.

    The garbage collector calls it at any point of any thread, so it takes no lock: each step is one atomic operation
    on a dict.
    """

    observations: dict[int, tuple["weakref.ref[Picture]", Observation]]
    key: int

    def __call__(self, reference: "weakref.ref[Picture]") -> None:
        cached = self.observations.get(self.key)
        if cached is not None and cached[0] is reference:
            self.observations.pop(self.key, None)


def _has_pixels(picture: Picture) -> TypeGuard[Pixels]:
    """Faster than ``isinstance``, which walks the protocol and takes longer than the rest of a question."""
    return hasattr(picture, "rgb")


def _observe(picture: Pixels) -> Observation:
    from ovs_mock.video.colours import dominant_colour
    from ovs_mock.video.stamp import read_stamp, without_stamp

    rgb = picture.rgb()
    stamp = read_stamp(rgb)
    return Observation(
        width=picture.width,
        height=picture.height,
        colour=dominant_colour(without_stamp(rgb) if stamp else rgb),
        stamp=stamp,
    )
