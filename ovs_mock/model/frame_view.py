"""A frame, as scripts and assertions see it."""

from typing import TYPE_CHECKING

from ovs_mock.engine.frames import Picture
from ovs_mock.engine.instants import seconds
from ovs_mock.model.observation import Observation
from ovs_mock.video.pixels import Pixels, Rgb

if TYPE_CHECKING:
    from ovs_mock.video.stamp import Stamp


class FrameView:
    """A frame that the model was asked about."""

    # Not a frozen dataclass, which takes three times as long to create: questions have many frames.
    __slots__ = ("_at", "_index", "_observation", "_picture")

    def __init__(self, index: int, at: int, observation: Observation, picture: Picture | None) -> None:
        self._index = index
        self._at = at
        self._observation = observation
        self._picture = picture

    def __repr__(self) -> str:
        return f"FrameView(index={self.index}, time={self.time}, observation={self.observation})"

    @property
    def index(self) -> int:
        """Position among all frames that the stream received, from 0; -1 for a picture in the request itself."""
        return self._index

    @property
    def time(self) -> float:
        """When the frame arrived on the mock's clock, in seconds since the Unix epoch."""
        return seconds(self._at)

    @property
    def observation(self) -> Observation:
        """What the model sees in the frame: its size, colour and stamp."""
        return self._observation

    @property
    def width(self) -> int:
        """In pixels."""
        return self._observation.width

    @property
    def height(self) -> int:
        """In pixels."""
        return self._observation.height

    @property
    def colour(self) -> str | None:
        """The name of the colour that most of the frame has, a key of ``ovs_mock.video.colours.PALETTE``.

        ``None`` for a frame without pixels.
        """
        return self._observation.colour

    @property
    def stamp(self) -> "Stamp | None":
        """The number and time that the publisher wrote into the pixels; ``None`` when there are none."""
        return self._observation.stamp

    def rgb(self) -> Rgb:
        """The decoded pixels.

        Returns:
            An array of shape ``(height, width, 3)``, ``uint8``, red green blue.

        Raises:
            LookupError: The frame has no pixels. ``ScriptedModel.questions`` does not keep them; the questions that
                scripted functions get have them.
        """
        if not isinstance(self._picture, Pixels):
            raise LookupError(f"the pixels of frame #{self.index} are not kept; look at them while the model is asked")
        return self._picture.rgb()

    @property
    def has_picture(self) -> bool:
        """Whether the picture is still there to be looked at."""
        return self._picture is not None

    def without_pixels(self) -> "FrameView":
        """The same frame without its pixels."""
        return FrameView(self.index, self._at, self._observation, None)
