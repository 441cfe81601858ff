"""Pictures are looked at once, and not kept alive for having been looked at."""

import gc
import weakref
from dataclasses import dataclass, field

from ovs_mock.model.observation import FrameObserver, Observation
from ovs_mock.video.patterns import solid
from ovs_mock.video.pixels import Rgb
from ovs_mock.video.stamp import Stamp, write_stamp


@dataclass(eq=False)
class Counted:
    """A picture that counts how often it is looked at."""

    pixels: Rgb
    looks: int = field(default=0, init=False)

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    def rgb(self) -> Rgb:
        self.looks += 1
        return self.pixels


@dataclass(frozen=True, slots=True)
class Sized:
    """A picture without pixels, which cannot be referred to weakly either."""

    width: int
    height: int


@dataclass(slots=True, eq=False)
class Slotted:
    """A picture with pixels that cannot be referred to weakly."""

    width: int
    height: int
    looks: int = 0

    def rgb(self) -> Rgb:
        self.looks += 1
        return solid("blue", self.width, self.height)


def test_a_stamped_picture_shows_its_stamp_and_the_colour_below_it() -> None:
    picture = Counted(write_stamp(solid("yellow"), 5, 600))

    assert FrameObserver().observe(picture) == Observation(640, 480, "yellow", Stamp(5, 600))


def test_a_picture_without_a_stamp_shows_its_colour() -> None:
    assert FrameObserver().observe(Counted(solid("cyan", 32, 24))) == Observation(32, 24, "cyan", None)


def test_of_a_picture_without_pixels_the_size_is_known() -> None:
    assert FrameObserver().known(Sized(64, 48)) == Observation(64, 48)
    assert FrameObserver().observe(Sized(64, 48)) == Observation(64, 48)


def test_a_picture_is_looked_at_once() -> None:
    observer, picture = FrameObserver(), Counted(solid("red"))
    assert observer.known(picture) is None

    first = observer.observe(picture)

    assert observer.observe(picture) is first
    assert observer.known(picture) is first
    assert picture.looks == 1


def test_a_picture_that_was_looked_at_can_go() -> None:
    observer, picture = FrameObserver(), Counted(solid("red"))
    observer.observe(picture)
    alive = weakref.ref(picture)

    del picture
    gc.collect()

    assert alive() is None
    assert not observer._observations


def test_another_picture_at_the_same_address_is_looked_at_anew() -> None:
    observer = FrameObserver()
    colours = [observer.observe(Counted(solid(colour, 16, 16))).colour for colour in ("red", "blue") * 20]

    assert colours == ["red", "blue"] * 20


def test_a_picture_without_weak_references_is_looked_at_each_time() -> None:
    observer, picture = FrameObserver(), Slotted(16, 16)

    assert [observer.observe(picture).colour for _ in range(2)] == ["blue", "blue"]
    assert picture.looks == 2
