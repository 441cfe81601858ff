"""The relay between a test and the server, as the handle sees it."""

from typing import Any, Protocol


class RelayConnection(Protocol):
    """A process on loopback that forwards calls and records them."""

    @property
    def target(self) -> str:
        """``live``, or a URL."""
        ...

    @property
    def url(self) -> str:
        """URL of the relay."""
        ...

    @property
    def api_key(self) -> str:
        """A key that the relay replaces with the real one."""
        ...

    def request(self, do: str, **arguments: Any) -> dict[str, Any]:
        """``begin`` a test, get a ``report`` of it, get the ``status`` of a ``stream``, ``end`` its open streams."""
        ...
