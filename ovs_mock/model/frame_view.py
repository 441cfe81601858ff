"""A frame, as scripts and assertions see it."""

from typing import TYPE_CHECKING

from ovs_mock.engine.frames import Picture
from ovs_mock.engine.instants import seconds
from ovs_mock.model.observation import Observation
from ovs_mock.video.pixels import Pixels, Rgb

if TYPE_CHECKING:
    from ovs_mock.video.stamp import Stamp


class FrameView:
    """A frame that the model was asked about.

    ``index`` counts from 0 over the stream's lifetime, and is -1 for a picture that stood in the request itself.
    """

    # By hand, as a frozen dataclass takes three times as long to make, and questions have many frames.
    __slots__ = ("_at", "_index", "_picture", "_seen")

    def __init__(self, index: int, at: int, seen: Observation, picture: Picture | None) -> None:
        self._index = index
        self._at = at
        self._seen = seen
        self._picture = picture

    def __repr__(self) -> str:
        return f"FrameView(index={self.index}, time={self.time}, seen={self.seen})"

    @property
    def index(self) -> int:
        return self._index

    @property
    def time(self) -> float:
        """On the mock's clock, in seconds since the epoch."""
        return seconds(self._at)

    @property
    def seen(self) -> Observation:
        """All that there was to see."""
        return self._seen

    @property
    def width(self) -> int:
        """In pixels."""
        return self._seen.width

    @property
    def height(self) -> int:
        """In pixels."""
        return self._seen.height

    @property
    def colour(self) -> str | None:
        """The name of the colour that most of the frame has, ``None`` for a frame without pixels."""
        return self._seen.colour

    @property
    def stamp(self) -> "Stamp | None":
        """The number and time that the publisher wrote into the pixels, if it did."""
        return self._seen.stamp

    def rgb(self) -> Rgb:
        """The decoded pixels: ``(height, width, 3)``, ``uint8``.

        LookupError when they are not there: the questions that a model remembers are kept without pixels.
        """
        if not isinstance(self._picture, Pixels):
            raise LookupError(f"the pixels of frame #{self._index} are not kept; look at them while the model is asked")
        return self._picture.rgb()

    @property
    def has_picture(self) -> bool:
        """Whether the picture is still there to be looked at."""
        return self._picture is not None

    def without_pixels(self) -> "FrameView":
        return FrameView(self._index, self._at, self._seen, None)
