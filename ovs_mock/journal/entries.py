"""The kinds of journal entries. ``at`` is an entry's time on the mock's clock, in seconds since the Unix epoch."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ovs_mock.engine.events import Event
from ovs_mock.journal.text import event_text, shorten


@dataclass(slots=True)
class Request:
    """An HTTP call, with its response once there is one. Secrets are hidden.

    Attributes:
        at: When the call came, in seconds.
        method: ``GET``, ``POST``, ...
        path: The path, without the query.
        query: The query parameters.
        headers: The request headers, by lower-case name.
        body: The request body as text, at most 64 KiB of it.
        status: The HTTP status of the response; ``None`` until there is one.
        answered_at: When the response was sent, in seconds; ``None`` until then.
        answer_headers: The response headers, by lower-case name.
        answer: The response body as text, at most 64 KiB of it; empty for a streamed one.
    """

    at: float
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str = ""
    status: int | None = None
    answered_at: float | None = None
    answer_headers: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""

    @property
    def json(self) -> Any:
        """The parsed body; ``None`` when it is not JSON."""
        return _json(self.body)

    @property
    def answer_json(self) -> Any:
        """The parsed response body; ``None`` when it is not JSON."""
        return _json(self.answer)

    def __str__(self) -> str:
        return f"{self.method} {self.path} → {self.status or 'no answer yet'}"


@dataclass(slots=True)
class SocketOpened:
    """A client opened a result socket or a LiveKit signalling socket."""

    at: float
    path: str

    def __str__(self) -> str:
        return f"WS {self.path} opened"


@dataclass(slots=True)
class SocketMessage:
    """A message of a result socket; ``sent`` tells whether the mock sent it or received it."""

    at: float
    path: str
    sent: bool
    text: str

    @property
    def json(self) -> Any:
        """The parsed message; ``None`` when it is not JSON."""
        return _json(self.text)

    def __str__(self) -> str:
        return f"WS {self.path} {'→' if self.sent else '←'} {shorten(self.text)}"


@dataclass(slots=True)
class SocketClosed:
    """A socket was closed, by the mock with ``code`` and ``reason``, or by the client (``code`` is ``None``)."""

    at: float
    path: str
    code: int | None
    reason: str

    def __str__(self) -> str:
        how = "closed by the client" if self.code is None else f"closed {self.code} {self.reason}".rstrip()
        return f"WS {self.path} {how}"


@dataclass(slots=True)
class ServerEvent:
    """A server-sent event of a streamed chat, with its ``data``."""

    at: float
    path: str
    data: str

    def __str__(self) -> str:
        return f"SSE {self.path} → {shorten(self.data)}"


@dataclass(slots=True)
class FramesArrived:
    """``count`` consecutive frames of a stream; the first came ``at``, the last ``until``."""

    at: float
    until: float
    stream_id: str
    count: int

    def __str__(self) -> str:
        return f"{self.count} frame{'s' if self.count > 1 else ''} of stream {self.stream_id}"


@dataclass(slots=True)
class PublisherChanged:
    """A publisher joined or left a stream's room."""

    at: float
    stream_id: str
    identity: str
    joined: bool

    def __str__(self) -> str:
        return f"publisher {self.identity} {'joined' if self.joined else 'left'} the room of stream {self.stream_id}"


@dataclass(slots=True)
class FaultTriggered:
    """A fault fired. Consecutive fires on the same target are one entry, the last ``until``.

    Attributes:
        fault: The fault's text, as in ``print(ovs.faults)``.
        on: The call, socket, stream or model that it fired on.
        used: How many times the fault has fired so far.
    """

    at: float
    until: float
    fault_id: str
    fault: str
    on: str
    used: int

    def __str__(self) -> str:
        times = "once" if self.used == 1 else f"{self.used} times"
        return f"{self.fault_id} met by {self.on}, {times} so far: {self.fault}"


@dataclass(slots=True)
class EngineEvent:
    """An event of the engine, such as a renewed lease, a result, a charge or a stream's end."""

    at: float
    event: Event

    @property
    def stream_id(self) -> str | None:
        return getattr(self.event, "stream_id", None)

    def __str__(self) -> str:
        return event_text(self.event)


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
