"""The two video formats: how their frames are cut into RTP payloads, and what a key frame looks like."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_START_CODE = b"\x00\x00\x00\x01"
_SINGLE_NAL_TYPES = range(1, 24)
_STAP_A = 24
_FU_A = 28
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


def vp8_depayload(payload: bytes) -> bytes:
    """Without the payload descriptor of RFC 7741, section 4.2."""
    position = 1
    if payload[0] & 0x80:
        position = 2
        has = payload[1]
        if has & 0x80:  # the picture id is one byte long, or two
            position += 2 if payload[2] & 0x80 else 1
        if has & 0x40:
            position += 1
        if has & 0x30:
            position += 1
    if position >= len(payload):
        raise ValueError("the VP8 payload ends within its descriptor")
    return payload[position:]


def vp8_begins_key_frame(data: bytes) -> bool:
    """RFC 6386, section 9.1: the lowest bit of the first byte is 0 in key frames, which then have a start code."""
    return len(data) >= 10 and not data[0] & 1 and data[3:6] == _VP8_KEY_START_CODE


def h264_depayload(payload: bytes) -> bytes:
    """NAL units with start codes, from a payload of RFC 6184: a single one, several (STAP-A), or a part (FU-A)."""
    if len(payload) < 2:
        raise ValueError("the H.264 payload is too short")
    type_ = payload[0] & 0x1F
    if type_ in _SINGLE_NAL_TYPES:
        return _START_CODE + payload
    if type_ == _STAP_A:
        return b"".join(_START_CODE + unit for unit in _aggregated(payload))
    if type_ == _FU_A:
        header = payload[0] & 0xE0 | payload[1] & 0x1F
        begins = payload[1] & 0x80
        return _START_CODE + bytes([header]) + payload[2:] if begins else payload[2:]
    raise ValueError(f"H.264 payloads of type {type_} were not negotiated")


def h264_begins_key_frame(data: bytes) -> bool:
    """Parameter sets come right before each key frame."""
    return _H264_KEY.match(data) is not None


def _aggregated(payload: bytes) -> Iterator[bytes]:
    position = 1
    while position < len(payload):
        begin = position + 2
        position = begin + int.from_bytes(payload[position:begin])
        if position > len(payload):
            raise ValueError("the H.264 payload ends within a NAL unit")
        yield payload[begin:position]


# FFmpeg's own VP8 decoder takes three quarters of the time that libvpx does.
VP8 = VideoFormat("VP8", "vp8", vp8_depayload, vp8_begins_key_frame)
H264 = VideoFormat("H264", "h264", h264_depayload, h264_begins_key_frame)
FORMATS: Mapping[str, VideoFormat] = MappingProxyType({"VP8": VP8, "H264": H264})
