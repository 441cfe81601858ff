"""Names that only the mock has."""

from collections.abc import Callable
from typing import Any, NoReturn, Protocol

Skip = Callable[[str], NoReturn]


class SupportsSkip(Protocol):
    """Whose names they are."""

    @property
    def skip(self) -> Skip: ...
    @property
    def target(self) -> str: ...


class MockOnly:
    """Something that only the mock can do: whoever asks for it skips the test."""

    def __init__(self, need: str) -> None:
        self._need = need

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, face: SupportsSkip | None, owner: type) -> Any:
        # The reason's place is where the test asked for it.
        __tracebackhide__ = True
        return self if face is None else face.skip(f"ovs.{self._name} needs {self._need}, and this is {face.target}")


CLOCK = "a clock that can be moved"
FRAMES = "a buffer that takes frames without WebRTC"
SCRIPTS = "a model that says what it is told"
ACCOUNTS = "accounts and models that can be arranged"
