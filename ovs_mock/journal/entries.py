"""The kinds of entries. ``at`` is the instant of each in seconds, on the mock's clock since the Unix epoch."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ovs_mock.engine.events import Event
from ovs_mock.journal.text import short, words


@dataclass(slots=True)
class Request:
    """A call over HTTP, with its answer once there is one. Header names are in lower case; secrets are hidden."""

    at: float
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str = ""
    status: int | None = None
    """``None`` as long as it has not been answered."""
    answered_at: float | None = None
    answer_headers: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""

    @property
    def json(self) -> Any:
        """The body as JSON; ``None`` when there is none, or something else."""
        return _json(self.body)

    @property
    def answer_json(self) -> Any:
        """The answer's body as JSON; ``None`` when there is none, or something else."""
        return _json(self.answer)

    def __str__(self) -> str:
        return f"{self.method} {self.path} → {self.status or 'no answer yet'}"


@dataclass(slots=True)
class SocketOpened:
    """A WebSocket of results or of LiveKit's signalling was opened."""

    at: float
    path: str

    def __str__(self) -> str:
        return f"WS {self.path} opened"


@dataclass(slots=True)
class SocketMessage:
    """A message of a result socket. ``sent`` by the mock, otherwise received."""

    at: float
    path: str
    sent: bool
    text: str

    @property
    def json(self) -> Any:
        """The message as JSON; ``None`` when it is something else."""
        return _json(self.text)

    def __str__(self) -> str:
        return f"WS {self.path} {'→' if self.sent else '←'} {short(self.text)}"


@dataclass(slots=True)
class SocketClosed:
    """``code`` and ``reason`` are the mock's; ``None`` when the client left."""

    at: float
    path: str
    code: int | None
    reason: str

    def __str__(self) -> str:
        how = "closed by the client" if self.code is None else f"closed {self.code} {self.reason}".rstrip()
        return f"WS {self.path} {how}"


@dataclass(slots=True)
class ServerEvent:
    """The data of one server-sent event."""

    at: float
    path: str
    data: str

    def __str__(self) -> str:
        return f"SSE {self.path} → {short(self.data)}"


@dataclass(slots=True)
class FramesArrived:
    """Frames that came in a row. ``at`` is when the first did, ``until`` when the last did."""

    at: float
    until: float
    stream_id: str
    count: int

    def __str__(self) -> str:
        return f"{self.count} frame{'s' if self.count > 1 else ''} of stream {self.stream_id}"


@dataclass(slots=True)
class PublisherChanged:
    """A publisher entered a stream's room, or left it."""

    at: float
    stream_id: str
    identity: str
    joined: bool

    def __str__(self) -> str:
        return f"publisher {self.identity} {'joined' if self.joined else 'left'} the room of stream {self.stream_id}"


@dataclass(slots=True)
class FaultTriggered:
    """A fault of the test was met, by what ``on`` says. In a row by the same it is one entry, ``until`` the last."""

    at: float
    until: float
    fault_id: str
    fault: str
    """What it is about, what it does, when: as the test set it."""
    on: str
    used: int
    """How often it was met until then, this time included."""

    def __str__(self) -> str:
        times = "once" if self.used == 1 else f"{self.used} times"
        return f"{self.fault_id} met by {self.on}, {times} so far: {self.fault}"


@dataclass(slots=True)
class EngineEvent:
    """Something that the mock's rules say: a lease, a result, a charge, an end."""

    at: float
    event: Event

    @property
    def stream_id(self) -> str | None:
        return getattr(self.event, "stream_id", None)

    def __str__(self) -> str:
        return words(self.event)


Entry = (
    Request
    | SocketOpened
    | SocketMessage
    | SocketClosed
    | ServerEvent
    | FramesArrived
    | PublisherChanged
    | FaultTriggered
    | EngineEvent
)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
