"""How the things of machines are shown in the steps that lead to a deviation."""

from typing import Any


class Readable:
    """Shown as its ``repr``, where hypothesis would spell a dataclass out."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: FBT001 - as IPython has it
        printer.text(repr(self))
