"""Attributes that only a mock has."""

from collections.abc import Callable
from typing import Any, NoReturn, Protocol

Skip = Callable[[str], NoReturn]


class SupportsSkip(Protocol):
    """A handle that can skip the test."""

    @property
    def skip(self) -> Skip: ...
    @property
    def target(self) -> str: ...


class MockOnly:
    """An attribute that only a mock has: reading it on another target skips the test."""

    def __init__(self, need: str) -> None:
        self._need = need

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, handle: SupportsSkip | None, owner: type) -> Any:
        # pytest reports the line of the test as the place of the skip.
        __tracebackhide__ = True
        if handle is None:
            return self
        return handle.skip(f"ovs.{self._name} needs {self._need}; the target is {handle.target}")


CLOCK = "a clock that can be moved"
FRAMES = "frames without WebRTC"
SCRIPTS = "a model with scripted replies"
ADMIN = "administration of accounts and models"
