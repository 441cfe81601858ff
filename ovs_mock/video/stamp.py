"""A frame's number and time, in its pixels.

The stamp is a strip of black and white cells along the top edge: 40 columns by 3 rows, each cell a fortieth of the
frame's width (16 pixels at 640, a macroblock of VP8). Cells are placed relative to the frame's size, so that the strip
is read in a frame that was scaled on its way. Row by row, most significant bit first, white for 1:

    8 bits sync head · 24 bits number · 48 bits milliseconds · 32 bits CRC-32 of both · 8 bits sync tail

A picture without a stamp is taken for one with a probability of 2**-48 at most, as 48 bits are known beforehand.
"""

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

from ovs_mock.video.pixels import Rgb

COLUMNS = 40
ROWS = 3
NUMBER_BITS = 24
TIME_BITS = 48
MIN_WIDTH = 160
MIN_HEIGHT = 120

_HEAD = 0b10110010
_TAIL = 0b01001101
_SYNC = np.unpackbits(np.array([_HEAD, _TAIL], np.uint8)).astype(bool)
# Share of a cell around its centre that is looked at; the rest may have bled into its neighbours.
_SAMPLES: npt.NDArray[np.float64] = np.array([0.35, 0.5, 0.65])
# White must be this much brighter than black; 255 apart when written.
_CONTRAST = 64
# Smallest frame that a stamp is looked for in: half of the smallest that one is written into.
_READABLE_WIDTH = MIN_WIDTH // 2
_READABLE_HEIGHT = MIN_HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which frame this is. ``number`` counts modulo 2**24; ``time_ms`` is in milliseconds, modulo 2**48."""

    number: int
    time_ms: int


def strip_height(width: int, height: int) -> int:
    """Rows of pixels, from the top, that the stamp takes in a frame of this size."""
    return round(ROWS * _cell_height(width, height))


def write_stamp(rgb: Rgb, number: int, time_ms: int) -> Rgb:
    """Write a stamp over the top of ``rgb`` (height, width, 3), in place; the same array.

    Numbers and times beyond 24 and 48 bits wrap. ValueError for a frame smaller than 160x120.
    """
    height, width = rgb.shape[:2]
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        raise ValueError(f"a stamp needs a frame of at least {MIN_WIDTH}x{MIN_HEIGHT}, this one is {width}x{height}")
    cells = np.unpackbits(np.frombuffer(_encode(number, time_ms), np.uint8)).reshape(ROWS, COLUMNS)
    widths = np.diff(_edges(COLUMNS, width / COLUMNS))
    heights = np.diff(_edges(ROWS, _cell_height(width, height)))
    strip = np.repeat(np.repeat(cells * np.uint8(255), widths, axis=1), heights, axis=0)
    rgb[: len(strip)] = strip[:, :, np.newaxis]
    return rgb


def read_stamp(rgb: Rgb) -> Stamp | None:
    """The stamp of a frame (height, width, 3), or ``None`` when there is none that is whole."""
    height, width = rgb.shape[:2]
    if width < _READABLE_WIDTH or height < _READABLE_HEIGHT:
        return None
    brightness = _cell_brightness(rgb)
    sync = np.concatenate([brightness[:8], brightness[-8:]])
    white, black = sync[_SYNC].min(), sync[~_SYNC].max()
    if white - black < _CONTRAST:
        return None
    return _decode(np.packbits(brightness > (white + black) / 2).tobytes())


def without_stamp(rgb: Rgb) -> Rgb:
    """The part of a stamped frame below its stamp."""
    height, width = rgb.shape[:2]
    return rgb[strip_height(width, height) :]


def _cell_height(width: int, height: int) -> float:
    """Cells are square, except that the strip of a wide frame takes no more than 3 tenths of it."""
    return min(width / COLUMNS, height / 10)


def _edges(count: int, size: float) -> npt.NDArray[np.int64]:
    """Where ``count`` cells of ``size`` pixels begin and end."""
    edges: npt.NDArray[np.int64] = np.rint(np.arange(count + 1) * size).astype(np.int64)
    return edges


def _cell_brightness(rgb: Rgb) -> npt.NDArray[np.float64]:
    """The mean brightness of each cell, 0 to 255, row by row."""
    height, width = rgb.shape[:2]
    x = _sample_points(COLUMNS, width / COLUMNS)
    y = _sample_points(ROWS, _cell_height(width, height))
    samples = rgb[y[:, np.newaxis], x[np.newaxis, :]].astype(np.float64).mean(axis=2)
    per_cell: npt.NDArray[np.float64] = samples.reshape(ROWS, len(_SAMPLES), COLUMNS, len(_SAMPLES)).mean(axis=(1, 3))
    return per_cell.reshape(-1)


def _sample_points(count: int, size: float) -> npt.NDArray[np.int64]:
    """Pixels to look at along one side, the same number for each cell."""
    points: npt.NDArray[np.int64] = ((np.arange(count)[:, np.newaxis] + _SAMPLES) * size).astype(np.int64)
    return points.reshape(-1)


def _encode(number: int, time_ms: int) -> bytes:
    payload = _payload(number, time_ms)
    return bytes([_HEAD]) + payload + crc32(payload).to_bytes(4) + bytes([_TAIL])


def _decode(packed: bytes) -> Stamp | None:
    head, number, time_ms = packed[0], packed[1:4], packed[4:10]
    if head != _HEAD or packed[-1] != _TAIL or packed[10:14] != crc32(number + time_ms).to_bytes(4):
        return None
    return Stamp(int.from_bytes(number), int.from_bytes(time_ms))


def _payload(number: int, time_ms: int) -> bytes:
    return (number % (1 << NUMBER_BITS)).to_bytes(3) + (time_ms % (1 << TIME_BITS)).to_bytes(6)
