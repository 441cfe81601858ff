"""A question to the model, as scripts and assertions see it."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from ovs_mock.engine.frames import Frame, Picture
from ovs_mock.engine.inference import Inference, JsonSchema
from ovs_mock.engine.instants import seconds
from ovs_mock.model.observation import Observation
from ovs_mock.video.pixels import Pixels, Rgb

if TYPE_CHECKING:
    from ovs_mock.video.stamp import Stamp


@dataclass(frozen=True, slots=True, eq=False)
class FrameView:
    """A frame that the model was asked about.

    ``index`` counts from 0 over the stream's lifetime; ``time`` is on the mock's clock, in seconds since the epoch.
    """

    index: int
    time: float
    seen: Observation
    _picture: Picture | None = field(repr=False)

    @property
    def width(self) -> int:
        """In pixels."""
        return self.seen.width

    @property
    def height(self) -> int:
        """In pixels."""
        return self.seen.height

    @property
    def colour(self) -> str | None:
        """The name of the colour that most of the frame has, ``None`` for a frame without pixels."""
        return self.seen.colour

    @property
    def stamp(self) -> "Stamp | None":
        """The number and time that the publisher wrote into the pixels, if it did."""
        return self.seen.stamp

    def rgb(self) -> Rgb:
        """The decoded pixels: ``(height, width, 3)``, ``uint8``.

        LookupError when they are not there: the questions that a model remembers are kept without pixels.
        """
        if not isinstance(self._picture, Pixels):
            raise LookupError(f"the pixels of frame #{self.index} are not kept; look at them while the model is asked")
        return self._picture.rgb()

    def without_pixels(self) -> "FrameView":
        return replace(self, _picture=None)

    @classmethod
    def of(cls, frame: Frame, seen: Observation) -> "FrameView":
        return cls(frame.index, seconds(frame.at), seen, frame.picture)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """What the model is asked, and about which frames, oldest first."""

    prompt: str
    model: str
    mode: Literal["clip", "frame"]
    stream_id: str
    frames: tuple[FrameView, ...]
    schema: JsonSchema | None = None
    max_output_tokens: int | None = None
    temperature: float | None = None

    def without_pixels(self) -> "Question":
        """The same question with nothing that keeps pictures alive."""
        return replace(self, frames=tuple(frame.without_pixels() for frame in self.frames))

    @classmethod
    def of(cls, inference: Inference, frames: tuple[FrameView, ...]) -> "Question":
        return cls(
            prompt=inference.prompt,
            model=inference.model,
            mode=inference.mode,
            stream_id=inference.stream_id,
            frames=frames,
            schema=inference.output_schema,
            max_output_tokens=inference.max_output_tokens,
            temperature=inference.temperature,
        )
