"""Depayloading, with aiortc's packetizers as senders."""

from fractions import Fraction

import av
import numpy as np
import pytest
from aiortc.codecs.h264 import H264Encoder
from aiortc.codecs.vpx import VpxPayloadDescriptor
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.ingest.webrtc.formats import H264, VP8, h264_begins_key_frame, vp8_begins_key_frame

maybe = st.none
descriptors = st.builds(
    VpxPayloadDescriptor,
    partition_start=st.integers(0, 1),
    partition_id=st.integers(0, 7),
    picture_id=maybe() | st.integers(0, 0x7FFF),
    tl0picidx=maybe() | st.integers(0, 255),
    tid=maybe() | st.tuples(st.integers(0, 3), st.integers(0, 1)),
    keyidx=maybe() | st.integers(0, 31),
)


@given(descriptors, st.binary(min_size=1, max_size=20))
def test_a_vp8_descriptor_is_taken_off(descriptor: VpxPayloadDescriptor, data: bytes) -> None:
    assert VP8.depayload(bytes(descriptor) + data) == data


def test_a_short_picture_id_is_taken_off() -> None:
    assert VP8.depayload(b"\x90\x80\x11data") == b"data"


@given(st.binary(min_size=1, max_size=6))
def test_vp8_payloads_that_end_early_are_refused(payload: bytes) -> None:
    try:
        assert payload.endswith(VP8.depayload(payload))
    except ValueError:
        return


@pytest.mark.parametrize(
    ("payload", "data"),
    [
        (b"\x67single", b"\0\0\0\1\x67single"),
        (b"\x78\0\3one\0\5other", b"\0\0\0\1one\0\0\0\1other"),
        (b"\x7c\x85begins", b"\0\0\0\1\x65begins"),
        (b"\x7c\x45ends", b"ends"),
    ],
)
def test_h264_payloads_are_units_several_units_or_parts(payload: bytes, data: bytes) -> None:
    assert H264.depayload(payload) == data


@given(st.binary(min_size=2, max_size=60))
def test_h264_payloads_are_read_or_refused(payload: bytes) -> None:
    try:
        H264.depayload(payload)
    except ValueError:
        return


def test_h264_key_frames_are_told_by_their_parameter_sets() -> None:
    encoder = H264Encoder()
    picture = av.VideoFrame.from_ndarray(np.zeros((480, 640, 3), np.uint8), format="rgb24")
    picture.pts = 0
    picture.time_base = Fraction(1, 30)
    key, _ = encoder.encode(picture, force_keyframe=True)
    picture.pts = 1
    delta, _ = encoder.encode(picture)
    assert h264_begins_key_frame(b"".join(map(H264.depayload, key)))
    assert not h264_begins_key_frame(b"".join(map(H264.depayload, delta)))


def test_an_access_unit_delimiter_may_come_first() -> None:
    assert h264_begins_key_frame(b"\0\0\0\1\x09\xf0\0\0\0\1\x67")
    assert not h264_begins_key_frame(b"\0\0\0\1\x09\xf0\0\0\0\1\x41")


def test_vp8_key_frames_are_told_by_their_start_code() -> None:
    assert vp8_begins_key_frame(b"\x10\x02\x00\x9d\x01\x2a\x80\x02\xe0\x01")
    assert not vp8_begins_key_frame(b"\x11\x02\x00\x9d\x01\x2a\x80\x02\xe0\x01")
    assert not vp8_begins_key_frame(b"\x10\x02\x00")
