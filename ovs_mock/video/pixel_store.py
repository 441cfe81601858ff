"""Stores pictures that a test pushes: each is copied once, and compressed when there are too many."""

import weakref
import zlib
from collections.abc import Iterator
from threading import Lock

import numpy as np

from ovs_mock.video.pixels import Rgb
from ovs_mock.video.stamp import write_stamp

RAW_BYTES = 512_000_000
# Compressing down to this share of the capacity makes room for several pictures at once.
_RAW_SHARE_AFTER_COMPRESSION = 7 / 8
# zlib's fastest level: 5 ms for a drawn picture of 640x480, 60 ms for noise.
_LEVEL = 1
_STEP = 16


class StoredFrame:
    """The pixels of a picture, raw or compressed. ``rgb()`` may be called from any thread."""

    __slots__ = ("__weakref__", "_data", "shape")

    def __init__(self, rgb: Rgb) -> None:
        height, width, _ = rgb.shape
        self.shape: tuple[int, int, int] = (height, width, 3)
        # An array, not bytes: large arrays use huge pages, which take a quarter of the time to allocate.
        self._data: Rgb | bytes = np.array(rgb, order="C")

    @property
    def raw_size(self) -> int:
        """Bytes of raw pixels; 0 for a compressed picture."""
        return self._data.nbytes if isinstance(self._data, np.ndarray) else 0

    def equals(self, rgb: Rgb) -> bool:
        """Whether its pixels equal these; False for a compressed picture, which is not decompressed for it."""
        data = self._data
        if isinstance(data, bytes) or self.shape != rgb.shape:
            return False
        # A sample of the pixels tells most different pictures apart.
        return np.array_equal(data[::_STEP, ::_STEP], rgb[::_STEP, ::_STEP]) and np.array_equal(data, rgb)

    def compress(self) -> None:
        if isinstance(self._data, np.ndarray):
            self._data = zlib.compress(self._data.data, _LEVEL)

    def rgb(self) -> Rgb:
        """A copy of the pixels."""
        data = self._data
        if isinstance(data, np.ndarray):
            return data.copy()
        return np.frombuffer(bytearray(zlib.decompress(data)), np.uint8).reshape(self.shape)


class PixelStore:
    """Stores pictures, the newest ``capacity`` bytes of them raw. May be used from several threads.

    It refers to its frames weakly. A picture that equals the one before it shares its frame.
    """

    def __init__(self, capacity: int = RAW_BYTES) -> None:
        self._capacity = capacity
        self._raw: list[weakref.ref[StoredFrame]] = []
        self._size = 0
        """Raw bytes, with those of frames that no longer exist, until ``_make_room`` counts again."""
        self._lock = Lock()

    def add(self, rgb: Rgb) -> StoredFrame:
        """Store a copy of a picture (height, width, 3); compress older ones when it does not fit."""
        with self._lock:
            last = self._raw[-1]() if self._raw else None
            if last is not None and last.equals(rgb):
                return last
            frame = StoredFrame(rgb)
            self._raw.append(weakref.ref(frame))
            self._size += frame.raw_size
            if self._size > self._capacity:
                self._make_room()
            return frame

    def _make_room(self) -> None:
        frames = list(self._live_frames())
        self._size = sum(frame.raw_size for frame in frames)
        if self._size > self._capacity:
            for frame in frames:
                self._size -= frame.raw_size
                frame.compress()
                if self._size <= self._capacity * _RAW_SHARE_AFTER_COMPRESSION:
                    break
        self._raw = [weakref.ref(frame) for frame in frames if frame.raw_size]

    def _live_frames(self) -> Iterator[StoredFrame]:
        return (frame for ref in self._raw if (frame := ref()) is not None)


class PushedPicture:
    """A picture that a test pushed. ``stamp``, a number and milliseconds, is written over its top."""

    # The model refers to observed pictures weakly.
    __slots__ = ("__weakref__", "_frame", "_stamp")

    def __init__(self, frame: StoredFrame, stamp: tuple[int, int] | None = None) -> None:
        self._frame = frame
        self._stamp = stamp

    @property
    def width(self) -> int:
        return self._frame.shape[1]

    @property
    def height(self) -> int:
        return self._frame.shape[0]

    def rgb(self) -> Rgb:
        """A copy of the pixels, on any thread."""
        rgb = self._frame.rgb()
        return rgb if self._stamp is None else write_stamp(rgb, *self._stamp)
