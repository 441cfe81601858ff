"""Pictures that stay encoded in memory, and are decoded again when their pixels are read.

A minute of 720p is some 10 MB encoded and 2.5 GB decoded; most pictures are read soon or never.
"""

from collections import OrderedDict
from collections.abc import Iterator
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

import av
import numpy as np
import numpy.typing as npt
from av.codec.context import Flags
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

if TYPE_CHECKING:
    from ovs_mock.ingest.webrtc.formats import VideoFormat

Pixels: TypeAlias = npt.NDArray[np.uint8]

CACHE_BYTES = 128_000_000


class DecodedCache:
    """The decoded pictures that were used last, up to ``capacity`` bytes. Shared by threads."""

    def __init__(self, capacity: int = CACHE_BYTES) -> None:
        self._capacity = capacity
        self._size = 0
        self._frames: OrderedDict[tuple[int, int], VideoFrame] = OrderedDict()
        self._lock = Lock()
        self._groups = count()

    def new_group(self) -> int:
        """A key for a group of pictures."""
        return next(self._groups)

    def get(self, key: tuple[int, int]) -> VideoFrame | None:
        with self._lock:
            if key in self._frames:
                self._frames.move_to_end(key)
            return self._frames.get(key)

    def put(self, key: tuple[int, int], frame: VideoFrame) -> None:
        with self._lock:
            if key not in self._frames:
                self._size += _size(frame)
            self._frames[key] = frame
            self._frames.move_to_end(key)
            while self._size > self._capacity:
                self._size -= _size(self._frames.popitem(last=False)[1])


class GroupOfPictures:
    """A key frame and the frames that depend on it. One thread appends to it."""

    def __init__(self, format_: "VideoFormat", cache: DecodedCache) -> None:
        self._format = format_
        self._cache = cache
        self._key = cache.new_group()
        self._encoded: list[bytes] = []
        self._decoding = Lock()

    def append(self, data: bytes, frame: VideoFrame | None) -> int:
        """Add an encoded frame with its picture, if it has one; its place in the group."""
        self._encoded.append(data)
        place = len(self._encoded) - 1
        if frame:
            self._cache.put((self._key, place), frame)
        return place

    def pixels(self, place: int) -> Pixels:
        """The picture at ``place``, as (height, width, 3) bytes of RGB."""
        with self._decoding:
            frame = self._cache.get((self._key, place)) or self._decode_again(place)
            return frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)

    def _decode_again(self, place: int) -> VideoFrame:
        """Decodes and caches the earlier pictures too: a clip's pictures are read together."""
        wanted: VideoFrame | None = None
        for number, frame in self._decoded(place):
            self._cache.put((self._key, number), frame)
            wanted = frame
        assert wanted is not None, "the picture was decodable when it came"
        return wanted

    def _decoded(self, last: int) -> Iterator[tuple[int, VideoFrame]]:
        context = new_decoder(self._format)
        for number, data in enumerate(self._encoded[: last + 1]):
            for frame in context.decode(Packet(data)):
                yield number, frame


class CodedPicture:
    """One frame of a group. ``rgb()`` may be called from any thread."""

    # The model refers to observed pictures weakly.
    __slots__ = ("__weakref__", "_group", "_height", "_place", "_width")

    def __init__(self, group: GroupOfPictures, place: int, width: int, height: int) -> None:
        self._group = group
        self._place = place
        self._width = width
        self._height = height

    @property
    def width(self) -> int:
        return self._width

    @property
    def height(self) -> int:
        return self._height

    def rgb(self) -> Pixels:
        """The pixels: (height, width, 3) unsigned bytes, red first."""
        return self._group.pixels(self._place)


def new_decoder(format_: "VideoFormat") -> VideoCodecContext:
    """A decoder that returns each frame without delay."""
    context = av.CodecContext.create(format_.decoder, "r")
    assert isinstance(context, VideoCodecContext)
    context.thread_count = 1
    # H.264 of some encoders does not declare that pictures are never reordered.
    context.flags |= Flags.low_delay
    return context


def _size(frame: VideoFrame) -> int:
    return frame.width * frame.height * 3 // 2
