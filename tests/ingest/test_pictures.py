"""Decoding on arrival, and again when somebody looks."""

import gc
import threading
import weakref

import pytest
from ovs_support.coded import brightness, encoded

from ovs_mock.ingest.webrtc.decoder import Decoder, UndecodableError
from ovs_mock.ingest.webrtc.formats import FORMATS, VP8, VideoFormat
from ovs_mock.ingest.webrtc.pictures import CodedPicture, DecodedCache

BYTES_EACH = 64 * 48 * 3 // 2


def decode(count: int, cache: DecodedCache, format_: VideoFormat = VP8, keys: int = 100) -> list[CodedPicture]:
    decoder = Decoder(format_, cache)
    pictures = [decoder.decode(frame) for frame in encoded(format_, count, keys=keys)]
    assert all(pictures)
    return [picture for picture in pictures if picture]


def shown(picture: CodedPicture) -> int:
    """Which frame the picture is, by its brightness."""
    pixels = picture.rgb()
    assert pixels.shape == (48, 64, 3)
    assert pixels.dtype == "uint8"
    return round((float(pixels.mean()) - brightness(0)) / 10)


@pytest.mark.parametrize("format_", FORMATS.values(), ids=lambda format_: format_.name)
def test_each_frame_is_a_picture_at_once(format_: VideoFormat) -> None:
    pictures = decode(10, DecodedCache(), format_)
    assert [(picture.width, picture.height) for picture in pictures] == [(64, 48)] * 10
    assert [shown(picture) for picture in pictures] == list(range(10))


@pytest.mark.parametrize("format_", FORMATS.values(), ids=lambda format_: format_.name)
@pytest.mark.parametrize("capacity", [0, BYTES_EACH, 3 * BYTES_EACH])
def test_pictures_that_are_no_longer_kept_are_decoded_again(format_: VideoFormat, capacity: int) -> None:
    pictures = decode(10, DecodedCache(capacity), format_, keys=4)
    for number in (7, 0, 3, 9, 4, 8, 1):
        assert shown(pictures[number]) == number


def test_the_cache_keeps_what_was_used_last_within_its_bytes() -> None:
    cache = DecodedCache(2 * BYTES_EACH)
    decode(3, cache)
    assert [cache.get((0, place)) is not None for place in range(3)] == [False, True, True]


def test_many_threads_may_look_at_once() -> None:
    pictures = decode(10, DecodedCache(BYTES_EACH))
    seen: list[list[int]] = []

    def look() -> None:
        seen.append([shown(picture) for picture in pictures])

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [list(range(10))] * 4


def test_a_group_goes_with_its_last_picture() -> None:
    pictures = decode(3, DecodedCache())
    group = weakref.ref(pictures[0]._group)
    del pictures[1:]
    gc.collect()
    assert group() is not None
    pictures.clear()
    gc.collect()
    assert group() is None


def test_a_frame_without_its_key_frame_is_undecodable() -> None:
    key, delta, *_ = encoded(VP8, 2)
    decoder = Decoder(VP8, DecodedCache())
    with pytest.raises(UndecodableError):
        decoder.decode(delta)
    assert decoder.decode(key)


def test_after_damage_a_key_frame_helps() -> None:
    frames = encoded(VP8, 6, keys=3)
    decoder = Decoder(VP8, DecodedCache())
    decoder.decode(frames[0])
    damaged = type(frames[1])(frames[1].timestamp, b"\x00", is_key=False)
    with pytest.raises(UndecodableError):
        decoder.decode(damaged)
    with pytest.raises(UndecodableError):
        decoder.decode(frames[2])
    assert decoder.decode(frames[3])
