"""Encoded video to feed a decoder with: plain pictures, each of a brightness that says which one it is."""

from fractions import Fraction

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext

from ovs_mock.ingest.webrtc.depacketizer import EncodedFrame
from ovs_mock.ingest.webrtc.formats import H264, VideoFormat

ENCODERS = {"VP8": "libvpx", "H264": "libx264"}


def brightness(number: int) -> int:
    return 40 + 10 * number


def encoded(
    format_: VideoFormat, count: int, *, size: tuple[int, int] = (64, 48), keys: int = 100
) -> list[EncodedFrame]:
    """``count`` frames at 30 a second, with a key frame every ``keys``."""
    context = av.CodecContext.create(ENCODERS[format_.name], "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height = 64, 48
    context.pix_fmt = "yuv420p"
    context.time_base = Fraction(1, 30)
    context.gop_size = keys
    h264 = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline"}
    context.options = h264 if format_ is H264 else {"lag-in-frames": "0", "deadline": "realtime"}
    frames: list[EncodedFrame] = []
    for number in range(count):
        pixels = np.full((48, 64, 3), brightness(number), np.uint8)
        picture = av.VideoFrame.from_ndarray(pixels, format="rgb24")
        picture.pts = number
        (packet,) = context.encode(picture)
        frames.append(EncodedFrame(3_000 * number, bytes(packet), packet.is_keyframe))
    return frames
