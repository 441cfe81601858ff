"""The two video formats: how RTP payloads become frames, which aiortc knows, and what a key frame looks like."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from aiortc.codecs.h264 import h264_depayload
from aiortc.codecs.vpx import vp8_depayload

# A sequence parameter set, after an access unit delimiter (two bytes) or at once.
_H264_KEY = re.compile(rb"(?:\x00\x00\x00\x01\x09.)?\x00\x00\x00\x01[\x07\x27\x47\x67]", re.DOTALL)
_VP8_KEY_START_CODE = b"\x9d\x01\x2a"


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """``depayload`` turns one RTP payload into its part of a frame, or raises ValueError."""

    name: str
    decoder: str
    depayload: Callable[[bytes], bytes]
    begins_key_frame: Callable[[bytes], bool]


def vp8_begins_key_frame(data: bytes) -> bool:
    """RFC 6386, section 9.1: the lowest bit of the first byte is 0 in key frames, which then have a start code."""
    return len(data) >= 10 and not data[0] & 1 and data[3:6] == _VP8_KEY_START_CODE


def h264_begins_key_frame(data: bytes) -> bool:
    """Parameter sets come right before each key frame."""
    return _H264_KEY.match(data) is not None


# FFmpeg's own VP8 decoder takes three quarters of the time that libvpx does.
VP8 = VideoFormat("VP8", "vp8", vp8_depayload, vp8_begins_key_frame)
H264 = VideoFormat("H264", "h264", h264_depayload, h264_begins_key_frame)
FORMATS: Mapping[str, VideoFormat] = MappingProxyType({"VP8": VP8, "H264": H264})
