"""Encoded pictures."""

import base64
from fractions import Fraction

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext

ENCODERS = {"png": ("png", "rgb24"), "jpeg": ("mjpeg", "yuvj420p"), "webp": ("libwebp", "yuv420p")}


def encoded(kind: str, colour: tuple[int, int, int] = (220, 20, 20), size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture of one colour."""
    name, pixel_format = ENCODERS[kind]
    context = av.CodecContext.create(name, "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height = size
    context.pix_fmt = pixel_format
    context.time_base = Fraction(1, 1)
    pixels = np.full((size[1], size[0], 3), colour, np.uint8)
    picture = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format=pixel_format)
    picture.pts = 0
    return b"".join(bytes(packet) for packet in [*context.encode(picture), *context.encode(None)])


def data_url(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
