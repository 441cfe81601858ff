"""What a picture is to those who look at it."""

from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# In quotes, as pictures have a type even where numpy is not installed.
Rgb: TypeAlias = "npt.NDArray[np.uint8]"
"""A picture: shape ``(height, width, 3)``, ``uint8``, red green blue, full range 0 to 255."""


@runtime_checkable
class Pixels(Protocol):
    """A picture that can be looked at."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def rgb(self) -> Rgb:
        """The picture's pixels. May take milliseconds; may be called from any thread."""
        ...
