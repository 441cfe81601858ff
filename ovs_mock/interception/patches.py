"""Attributes that are replaced for a while."""

from collections.abc import Callable
from typing import Any

_ABSENT = object()


class Patches:
    """Replaces attributes of modules and classes, and puts back what was there."""

    def __init__(self) -> None:
        self._undo: list[tuple[Any, str, object, object]] = []

    def replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """Put ``make(what was there)`` in its place; inherited attributes are shadowed."""
        mine = make(getattr(owner, name))
        self._undo.append((owner, name, vars(owner).get(name, _ABSENT), mine))
        setattr(owner, name, mine)

    def undo(self) -> None:
        for owner, name, before, mine in reversed(self._undo):
            # Whoever replaced it after us keeps it; ours lets everything through from now on.
            if vars(owner).get(name) is not mine:
                continue
            if before is _ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, before)
        self._undo.clear()
