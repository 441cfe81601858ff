"""Pictures that stand in a request themselves, as ``data:`` URLs."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from ovs_mock.video.pixels import Rgb

# Of larger ones the decoder makes nothing: a few bytes of PNG may stand for gigabytes.
MAX_PIXELS = 50_000_000
MISSING = "this mock cannot look at pictures in requests: pip install 'ovs-mock[media]'"


class ImageError(ValueError):
    """A picture that cannot be used. The message has the reason."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class InlinePicture:
    """A picture that is kept encoded. Two of the same bytes are equal, so that a thread's cache knows them again."""

    data: bytes = field(repr=False)
    codec: str
    width: int = field(compare=False)
    height: int = field(compare=False)

    def rgb(self) -> "Rgb":
        """The pixels: ``(height, width, 3)``, ``uint8``. May be called from any thread."""
        import numpy as np

        return _decoded(self.data, self.codec).to_ndarray(format="rgb24").astype(np.uint8, copy=False)


def is_data_url(url: str) -> bool:
    return url[:5].lower() == "data:"


def inline_picture(url: str) -> InlinePicture:
    """The picture of a ``data:`` URL: PNG, JPEG or WebP; raises ImageError. Takes milliseconds."""
    data = _payload(url)
    codec = _codec(data)
    if codec is None:
        raise ImageError("the picture is neither PNG, JPEG nor WebP")
    frame = _decoded(data, codec)
    return InlinePicture(data, codec, frame.width, frame.height)


def _payload(url: str) -> bytes:
    head, comma, body = url.partition(",")
    if not comma:
        raise ImageError("the data: URL has no comma, and so no data")
    if not head.lower().rstrip().endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ImageError("the data of the data: URL is not valid base64") from None


def _codec(data: bytes) -> str | None:
    """The codec of the bytes themselves, whatever the URL claims. No demuxer runs, as some open other files."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "mjpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return None


def _decoded(data: bytes, codec: str) -> "VideoFrame":
    try:
        import av
        from av.error import FFmpegError
        from av.packet import Packet
        from av.video.codeccontext import VideoCodecContext
    except ModuleNotFoundError:
        raise ImageError(MISSING) from None
    context = av.CodecContext.create(codec, "r")
    assert isinstance(context, VideoCodecContext)
    context.options = {"max_pixels": str(MAX_PIXELS)}
    try:
        frames = context.decode(Packet(data)) or context.decode(None)
    except (FFmpegError, ValueError, MemoryError):
        raise ImageError("the picture cannot be decoded") from None
    if not frames:
        raise ImageError("the picture cannot be decoded")
    return frames[0]
