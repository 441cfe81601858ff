"""What there is to see in a picture, looked at once."""

import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard

from ovs_mock.engine.frames import Picture
from ovs_mock.util.records import record
from ovs_mock.video.pixels import Pixels

if TYPE_CHECKING:
    from ovs_mock.video.stamp import Stamp


@record(frozen=True, slots=True)
class Observation:
    """Size in pixels, and for a picture that can be looked at its colour and its stamp, if it has one."""

    width: int
    height: int
    colour: str | None = None
    stamp: "Stamp | None" = None


class FrameObserver:
    """Looks at pictures. What was seen is remembered for as long as the picture lives.

    A picture that cannot be referred to weakly is looked at each time. May be used from several threads.
    """

    def __init__(self) -> None:
        self._seen: dict[int, tuple[weakref.ref[Picture], Observation]] = {}

    def known(self, picture: Picture) -> Observation | None:
        """What is known without looking: all that there is of a picture without pixels."""
        if not _has_pixels(picture):
            return Observation(picture.width, picture.height)
        seen = self._seen.get(id(picture))
        return seen[1] if seen is not None and seen[0]() is picture else None

    def observe(self, picture: Picture) -> Observation:
        """Look at a picture; takes milliseconds the first time."""
        known = self.known(picture)
        if known is not None:
            return known
        assert _has_pixels(picture), "of other pictures everything is known"
        observation = _look(picture)
        self._remember(picture, observation)
        return observation

    def _remember(self, picture: Picture, observation: Observation) -> None:
        try:
            reference = weakref.ref(picture, _Forget(self._seen, id(picture)))
        except TypeError:
            return
        self._seen[id(picture)] = (reference, observation)


@dataclass(frozen=True, slots=True)
class _Forget:
    """Drops what was seen in a picture that is gone, unless its id has passed on to another one.

    The garbage collector calls it, at any point of any thread. So nothing here takes a lock: each step is one
    operation on a dict, which cannot be torn.
    """

    seen: dict[int, tuple["weakref.ref[Picture]", Observation]]
    key: int

    def __call__(self, reference: "weakref.ref[Picture]") -> None:
        remembered = self.seen.get(self.key)
        if remembered is not None and remembered[0] is reference:
            self.seen.pop(self.key, None)


def _has_pixels(picture: Picture) -> TypeGuard[Pixels]:
    """isinstance would walk the protocol, which takes longer than all the rest of a question."""
    return hasattr(picture, "rgb")


def _look(picture: Pixels) -> Observation:
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
