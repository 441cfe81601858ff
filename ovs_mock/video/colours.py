"""Names for colours, and the colour that a picture mostly shows."""

import numpy as np
import numpy.typing as npt

from ovs_mock.video.pixels import Rgb

PALETTE: dict[str, tuple[int, int, int]] = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "grey": (128, 128, 128),
    "red": (255, 0, 0),
    "orange": (255, 128, 0),
    "yellow": (255, 255, 0),
    "green": (0, 255, 0),
    "cyan": (0, 255, 255),
    "blue": (0, 0, 255),
    "purple": (128, 0, 255),
    "magenta": (255, 0, 255),
}
"""The colours that have names, with an example of each in red, green and blue."""

_NAMES = tuple(PALETTE)
_BLACK, _WHITE, _GREY = (_NAMES.index(name) for name in ("black", "white", "grey"))
# Where on the colour circle, in degrees, one colour's name ends.
_HUES = (
    (15, "red"),
    (45, "orange"),
    (75, "yellow"),
    (165, "green"),
    (200, "cyan"),
    (255, "blue"),
    (285, "purple"),
    (345, "magenta"),
    (361, "red"),
)
_HUE_ENDS = np.array([end for end, _ in _HUES])
_HUE_NAMES = np.array([_NAMES.index(name) for _, name in _HUES])
_DARK = 60
_BRIGHT = 200
# Channels closer together than this share of the brightest show no colour.
_COLOURLESS = 0.2
# Pixels looked at along each side.
_GRID = 64


def dominant_colour(rgb: Rgb) -> str:
    """The name of the colour that most of a picture (height, width, 3) has; a key of PALETTE.

    ValueError when the picture has no pixels.
    """
    if not rgb.size:
        raise ValueError("a picture without pixels has no colour")
    height, width = rgb.shape[:2]
    sampled = rgb[:: -(-height // _GRID), :: -(-width // _GRID)].reshape(-1, 3)
    return _NAMES[int(np.bincount(_classify(sampled)).argmax())]


def _classify(pixels: Rgb) -> npt.NDArray[np.int64]:
    """For each pixel of (n, 3) the position of its name."""
    brightest = pixels.max(axis=1).astype(np.int64)
    spread = brightest - pixels.min(axis=1)
    named = _HUE_NAMES[np.searchsorted(_HUE_ENDS, _hue(pixels, brightest, spread), side="right")]
    greys = np.where(brightest > _BRIGHT, _WHITE, _GREY)
    named = np.where(spread <= _COLOURLESS * brightest, greys, named)
    return np.where(brightest < _DARK, _BLACK, named)


def _hue(pixels: Rgb, brightest: npt.NDArray[np.int64], spread: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Degrees on the colour circle, 0 for red, 120 for green, 240 for blue; of no meaning for greys."""
    red, green, blue = pixels.astype(np.float64).T
    divisor = np.maximum(spread, 1)
    sector: npt.NDArray[np.float64] = np.select(
        [brightest == red, brightest == green],
        [(green - blue) / divisor % 6, (blue - red) / divisor + 2],
        (red - green) / divisor + 4,
    )
    return sector * 60
