"""Small changes of JSON values. A path is ``choices.*.message.content``; ``*`` stands for every item or member."""

from collections.abc import Callable, Iterator
from typing import Any

Edit = Callable[[Any], Any]
"""Takes a JSON value, which it may change in place, and returns the result."""


def change(path: str, to: Callable[[Any], Any]) -> Edit:
    """Replace a value by what ``to`` returns for it."""

    def edit(value: Any) -> Any:
        for holder, key in _places(value, path):
            if _has(holder, key):
                holder[key] = to(holder[key])
        return value

    return edit


def put(path: str, what: Any) -> Edit:
    """Set a member, whether it was there or not."""

    def edit(value: Any) -> Any:
        for holder, key in _places(value, path):
            if isinstance(holder, dict) or _has(holder, key):
                holder[key] = what
        return value

    return edit


def drop(path: str) -> Edit:
    """Leave out a member or an item."""

    def edit(value: Any) -> Any:
        for holder, key in list(_places(value, path)):
            if _has(holder, key):
                del holder[key]
        return value

    return edit


def rename(path: str, name: str) -> Edit:
    """Rename a member."""

    def edit(value: Any) -> Any:
        for holder, key in _places(value, path):
            if _has(holder, key):
                holder[name] = holder.pop(key)
        return value

    return edit


def wrapped(name: str) -> Edit:
    """Wrap the value as the only member of an object."""
    return lambda value: {name: value}


def always(value: Any) -> Edit:
    """Replace the whole value."""
    return lambda _: value


def at(value: Any, path: str) -> Any:
    """Return the value at a path; ``None`` when there is none."""
    return next((holder[key] for holder, key in _places(value, path) if _has(holder, key)), None)


def edited(value: Any, edits: tuple[Edit, ...]) -> Any:
    for edit in edits:
        value = edit(value)
    return value


def _places(value: Any, path: str) -> Iterator[tuple[Any, Any]]:
    """Every container and key that the path leads to, whether the key exists or not."""
    step, _, rest = path.partition(".")
    keys = _keys(value, step)
    for key in keys:
        if not rest:
            yield value, key
        elif _has(value, key):
            yield from _places(value[key], rest)


def _keys(value: Any, step: str) -> list[Any]:
    if isinstance(value, dict):
        return list(value) if step == "*" else [step]
    if isinstance(value, list):
        return list(range(len(value))) if step == "*" else [int(step)] if step.isdecimal() else []
    return []


def _has(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else isinstance(holder, list) and -len(holder) <= key < len(holder)
