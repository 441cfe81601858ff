"""What stands between a test and the server, as the handle needs it."""

from typing import Any, Protocol


class RelayConnection(Protocol):
    """A program on loopback that passes calls on, and remembers them."""

    @property
    def target(self) -> str:
        """``live``, or a URL."""
        ...

    @property
    def url(self) -> str:
        """The relay's own."""
        ...

    @property
    def api_key(self) -> str:
        """A key that the relay takes for the real one."""
        ...

    def request(self, do: str, **more: Any) -> dict[str, Any]:
        """``begin`` a test, ``look`` at what it did, ask for the ``status`` of a ``stream``, ``end`` what it left."""
        ...
