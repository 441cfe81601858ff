"""The steps that are executed at both targets. Streams and callers have names, as each target has its own ids."""

import json
from dataclasses import dataclass, field
from typing import Any

NOTHING: Any = object()


@dataclass(frozen=True)
class CallStep:
    """A call. ``{s1}`` in its path and body is the id of stream ``s1``; ``makes`` names the stream that it makes."""

    method: str
    path: str
    caller: str = "owner"
    body: Any = NOTHING
    headers: dict[str, str] = field(default_factory=dict)
    makes: str | None = None

    def __str__(self) -> str:
        body = "" if self.body is NOTHING else f" {json.dumps(self.body)}"
        caller = "" if self.caller == "owner" else f", called by {self.caller}"
        made = f" → {self.makes}" if self.makes else ""
        return f"{self.method} {self.path}{body}{caller}{made}"


@dataclass(frozen=True)
class WaitStep:
    """Time passes."""

    seconds: float

    def __str__(self) -> str:
        return f"{self.seconds:g} s pass"


@dataclass(frozen=True)
class PlayStep:
    """Video comes into a stream while time passes."""

    stream: str
    seconds: float
    fps: float

    def __str__(self) -> str:
        return f"{self.seconds:g} s of video come into {self.stream}, {self.fps:g} frames a second"


@dataclass(frozen=True)
class SocketStep:
    """A socket is opened for the results of a stream, while video comes in for ``seconds``."""

    stream: str
    caller: str
    seconds: float

    def __str__(self) -> str:
        video = f", and {self.seconds:g} s of video come in" if self.seconds else ""
        return f"{self.caller} opens a socket on {self.stream}{video}"


Step = CallStep | WaitStep | PlayStep | SocketStep
