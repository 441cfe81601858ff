"""Attributes that are replaced temporarily."""

from collections.abc import Callable
from typing import Any

_ABSENT = object()


class Patches:
    """Replaces attributes of modules and classes, and restores them."""

    def __init__(self) -> None:
        self._undo: list[tuple[Any, str, object, object]] = []

    def replace(self, owner: Any, name: str, wrap: Callable[[Any], Any]) -> None:
        """Set ``owner.name`` to ``wrap(its value)``; an inherited attribute is shadowed."""
        replacement = wrap(getattr(owner, name))
        self._undo.append((owner, name, vars(owner).get(name, _ABSENT), replacement))
        setattr(owner, name, replacement)

    def undo(self) -> None:
        """Restore every attribute, except those that other code has replaced since."""
        for owner, name, original, replacement in reversed(self._undo):
            if vars(owner).get(name) is not replacement:
                continue
            if original is _ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, original)
        self._undo.clear()
