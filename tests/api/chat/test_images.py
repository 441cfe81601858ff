"""Pictures that stand in requests."""

import struct
import sys
import zlib
from urllib.parse import quote_from_bytes

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ovs_support.pictures import data_url, encoded

from ovs_mock.api.chat.images import ImageError, inline_picture, is_data_url


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_picture_is_seen_as_it_was_drawn(kind: str) -> None:
    picture = inline_picture(data_url(encoded(kind, (220, 20, 20), (64, 48))))
    assert (picture.width, picture.height) == (64, 48)
    rgb = picture.rgb()
    assert rgb.shape == (48, 64, 3)
    assert rgb.dtype == np.dtype(np.uint8)
    assert np.abs(rgb.astype(int) - (220, 20, 20)).max() < 12


def test_what_the_bytes_are_counts_and_not_what_they_are_called() -> None:
    assert inline_picture(data_url(encoded("png"), "image/jpeg")).codec == "png"
    assert inline_picture(data_url(encoded("png"), "")).codec == "png"
    percent = f"DATA:image/png,{quote_from_bytes(encoded('png'))}"
    assert is_data_url(percent)
    assert inline_picture(percent).width == 64


def test_the_same_picture_is_equal_and_another_one_is_not() -> None:
    red, again, blue = (inline_picture(data_url(encoded("png", c))) for c in ((220, 0, 0), (220, 0, 0), (0, 0, 220)))
    assert red == again
    assert red != blue


def header_of_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + data


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("data:image/png;base64", "no comma"),
        ("data:image/png;base64,***", "not valid base64"),
        ("data:image/png;base64,é", "not valid base64"),
        ("data:image/png;base64,", "neither PNG, JPEG nor WebP"),
        (data_url(b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd"), "neither PNG, JPEG nor WebP"),
        (data_url(b"\x89PNG\r\n\x1a\nrest"), "cannot be decoded"),
        (data_url(b"\xff\xd8\xff\xe0" + b"x" * 99), "cannot be decoded"),
        (data_url(b"RIFF\0\0\0\0WEBPVP8 "), "cannot be decoded"),
        (data_url(header_of_png(30_000, 30_000)), "cannot be decoded"),
    ],
)
def test_unusable_pictures_are_errors_with_a_message(url: str, said: str) -> None:
    with pytest.raises(ImageError, match=said):
        inline_picture(url)


@given(st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", encoded("png")[:60]]), st.binary())
def test_any_bytes_are_a_picture_or_an_error(start: bytes, rest: bytes) -> None:
    try:
        assert inline_picture(data_url(start + rest)).rgb().ndim == 3
    except ImageError as error:
        assert str(error)


def test_without_the_media_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    url = data_url(encoded("png"))
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ImageError, match=r"pip install 'ovs-mock\[media\]'"):
        inline_picture(url)
