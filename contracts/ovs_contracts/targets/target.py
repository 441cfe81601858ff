"""A server under test: where it is, who we are there, and what it can do."""

import ssl
from dataclasses import dataclass, field
from typing import Protocol

from ovs_contracts.targets.capabilities import Capability


class TargetTime(Protocol):
    """The target's time."""

    def now(self) -> float:
        """Seconds since the Unix epoch, by the target's clock."""
        ...

    def let_pass(self, seconds: float) -> None:
        """Returns when so much of the target's time has passed, and what followed from that has been sent."""
        ...


class FrameSource(Protocol):
    """A way to get video into a stream."""

    def play(self, stream_id: str, seconds: float, *, fps: float, size: tuple[int, int]) -> int:
        """Let video come in while so much of the target's time passes; how many frames came."""
        ...


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where the checks run. ``origin`` has no path and no slash at its end: ``https://api.overshoot.ai``."""

    name: str
    """``mock``, ``live``, or the URL."""
    origin: str
    api_key: str = field(repr=False)
    second_key: str | None = field(default=None, repr=False)
    capabilities: frozenset[Capability] = frozenset()
    charges: bool = True
    """Whether money is spent there, so that a budget is needed."""
    tls: ssl.SSLContext | None = None

    @property
    def websocket_origin(self) -> str:
        return self.origin.replace("http", "ws", 1)

    @property
    def controlled(self) -> bool:
        """Whether its clock can be moved, and its state arranged."""
        return Capability.CONTROL in self.capabilities


class TargetError(Exception):
    """The target cannot be used so; the message says what to do."""


class UnavailableError(TargetError):
    """The target does not answer, or not to us: nothing can be said about it."""
