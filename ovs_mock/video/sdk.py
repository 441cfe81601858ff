"""What the publisher needs of the LiveKit SDK, in our words."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, Self

from ovs_mock.util.tracebacks import of_mistakes

if TYPE_CHECKING:
    from livekit import rtc


__tracebackhide__ = of_mistakes

# Enough for 1280x720 at 30 frames a second.
_AMPLE_BITRATE = 2_000_000


class MissingExtraError(ImportError):
    """What is asked for needs an extra that is not installed. The message has the command that installs it."""


class PublishError(RuntimeError):
    """The publisher is not in a state to do what it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackOptions:
    """How a track is offered. ``None`` leaves the choice to the SDK, which publishes simulcast from 640x480 on.

    ``max_fps``, in frames a second, and ``max_bitrate``, in bits a second, go together: the SDK takes both or neither.
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
        """Options that let every frame through: by itself the SDK sends 20 a second, or 15, however many it gets."""
        return cls(max_fps=fps, max_bitrate=_AMPLE_BITRATE)


OFFICIAL_CLIENT = TrackOptions(max_fps=6, max_bitrate=2_000_000)
"""What the official Python client publishes with."""


def require_sdk() -> None:
    """Raise MissingExtraError when the LiveKit SDK is not installed. It is not imported: it runs in another process."""
    message = "the test publisher needs the extra 'publish': pip install 'ovs-mock[publish]'"
    try:
        found = find_spec("livekit.rtc")
    except ImportError as error:
        raise MissingExtraError(message) from error
    if found is None:
        raise MissingExtraError(message)


def publish_options(options: TrackOptions) -> "rtc.TrackPublishOptions":
    """The SDK's form of the options."""
    from livekit import rtc

    message = rtc.TrackPublishOptions(source=rtc.TrackSource.Value(f"SOURCE_{options.source.upper()}"))
    if options.simulcast is not None:
        message.simulcast = options.simulcast
    if options.codec is not None:
        message.video_codec = rtc.VideoCodec.Value(options.codec.upper())
    if options.max_fps is not None and options.max_bitrate is not None:
        message.video_encoding.max_framerate = options.max_fps
        message.video_encoding.max_bitrate = options.max_bitrate
    return message


def disconnect_reason(code: int) -> str:
    """LiveKit's name of a reason to leave a room: ``CLIENT_INITIATED``, ``ROOM_DELETED``, …"""
    from livekit import rtc

    return next((name for name, value in rtc.DisconnectReason.items() if value == code), f"UNKNOWN_{code}")
