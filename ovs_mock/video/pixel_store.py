"""Pictures that a test hands over: copied once, and packed when there are too many of them."""

import weakref
import zlib
from collections.abc import Iterator
from threading import Lock

import numpy as np

from ovs_mock.video.pixels import Rgb
from ovs_mock.video.stamp import write_stamp

RAW_BYTES = 512_000_000
# Room is made for a while, not for one picture at a time.
_KEPT_WHEN_FULL = 7 / 8
# The fastest: 5 ms for a drawn picture of 640x480, 60 ms for one full of noise.
_LEVEL = 1
_STEP = 16


class StoredFrame:
    """The pixels of a picture, as they are or packed. ``rgb()`` may be called from any thread."""

    __slots__ = ("__weakref__", "_kept", "shape")

    def __init__(self, rgb: Rgb) -> None:
        height, width, _ = rgb.shape
        self.shape: tuple[int, int, int] = (height, width, 3)
        # Not as bytes: large arrays lie in large pages, which are had in a quarter of the time.
        self._kept: Rgb | bytes = np.array(rgb, order="C")

    @property
    def raw_size(self) -> int:
        """Bytes that are kept as they are; 0 for a picture that is packed."""
        return self._kept.nbytes if isinstance(self._kept, np.ndarray) else 0

    def shows(self, rgb: Rgb) -> bool:
        """Whether these are its pixels, as far as that is known without unpacking."""
        kept = self._kept
        if isinstance(kept, bytes) or self.shape != rgb.shape:
            return False
        # Most pictures that differ do so here already.
        return np.array_equal(kept[::_STEP, ::_STEP], rgb[::_STEP, ::_STEP]) and np.array_equal(kept, rgb)

    def pack(self) -> None:
        if isinstance(self._kept, np.ndarray):
            self._kept = zlib.compress(self._kept.data, _LEVEL)

    def rgb(self) -> Rgb:
        """A copy of the pixels."""
        kept = self._kept
        if isinstance(kept, np.ndarray):
            return kept.copy()
        return np.frombuffer(bytearray(zlib.decompress(kept)), np.uint8).reshape(self.shape)


class PixelStore:
    """Holds pictures, the newest ``capacity`` bytes of them as they are. May be used from several threads.

    What nobody refers to any more is forgotten. A picture that is the same as the one before takes no room.
    """

    def __init__(self, capacity: int = RAW_BYTES) -> None:
        self._capacity = capacity
        self._raw: list[weakref.ref[StoredFrame]] = []
        # Of those that nobody refers to any more, too, until somebody looks.
        self._size = 0
        self._lock = Lock()

    def hold(self, rgb: Rgb) -> StoredFrame:
        """Take a copy of a picture (height, width, 3); packs older ones when there is no room for it."""
        with self._lock:
            last = self._raw[-1]() if self._raw else None
            if last is not None and last.shows(rgb):
                return last
            held = StoredFrame(rgb)
            self._raw.append(weakref.ref(held))
            self._size += held.raw_size
            if self._size > self._capacity:
                self._make_room()
            return held

    def _make_room(self) -> None:
        living = list(self._living())
        self._size = sum(held.raw_size for held in living)
        if self._size > self._capacity:
            for held in living:
                self._size -= held.raw_size
                held.pack()
                if self._size <= self._capacity * _KEPT_WHEN_FULL:
                    break
        self._raw = [weakref.ref(held) for held in living if held.raw_size]

    def _living(self) -> Iterator[StoredFrame]:
        return (held for ref in self._raw if (held := ref()) is not None)


class PushedPicture:
    """A picture that was handed over. With a ``stamp``, a number and milliseconds, those are written over its top."""

    # Who has looked at a picture remembers it by weak reference.
    __slots__ = ("__weakref__", "_held", "_stamp")

    def __init__(self, held: StoredFrame, stamp: tuple[int, int] | None = None) -> None:
        self._held = held
        self._stamp = stamp

    @property
    def width(self) -> int:
        return self._held.shape[1]

    @property
    def height(self) -> int:
        return self._held.shape[0]

    def rgb(self) -> Rgb:
        """A copy of the pixels, on any thread."""
        rgb = self._held.rgb()
        return rgb if self._stamp is None else write_stamp(rgb, *self._stamp)
