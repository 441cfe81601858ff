"""Options and errors of publishing."""

from dataclasses import dataclass
from operator import methodcaller
from typing import Literal, Self

# pytest's tracebacks end at the call that passes the options.
__tracebackhide__ = methodcaller("errisinstance", ValueError)

# Enough for 1280x720 at 30 frames per second.
_AMPLE_BITRATE = 2_000_000


class PublishError(RuntimeError):
    """The publisher is not in a state to do what it was asked to do, or LiveKit's SDK has ended."""


class SdkError(PublishError):
    """LiveKit's SDK raised an error in its process.

    Attributes:
        kind: The name of the SDK's exception class, such as ``ConnectError``.
        text: The SDK's message.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackOptions:
    """How a video track is published. ``None`` leaves the choice to LiveKit's SDK.

    Attributes:
        name: The track's name in the room. Defaults to ``"video"``.
        source: What the track shows, as LiveKit classifies it. Defaults to ``"camera"``.
        simulcast: Whether to send the video in several sizes. The SDK does from 640x480 on.
        codec: The video codec. The SDK takes VP8.
        max_fps: Maximum frame rate, in frames per second. Goes together with ``max_bitrate``.
        max_bitrate: Maximum bit rate, in bits per second. Goes together with ``max_fps``.

    Raises:
        ValueError: Only one of ``max_fps`` and ``max_bitrate`` is given; the SDK takes both or neither.
    """

    name: str = "video"
    source: Literal["camera", "screenshare", "unknown"] = "camera"
    simulcast: bool | None = None
    codec: Literal["vp8", "h264", "vp9", "av1"] | None = None
    max_fps: float | None = None
    max_bitrate: int | None = None

    def __post_init__(self) -> None:
        if (self.max_fps is None) != (self.max_bitrate is None):
            raise ValueError("max_fps and max_bitrate go together: give both, or neither")

    @classmethod
    def at_rate(cls, fps: float) -> Self:
        """Options with which the SDK sends every frame.

        Without them it sends 20 or 15 frames per second, however many it gets.

        Args:
            fps: Frames per second.

        Returns:
            Options with that rate and 2,000,000 bits per second, which is enough for 1280x720.
        """
        return cls(max_fps=fps, max_bitrate=_AMPLE_BITRATE)
