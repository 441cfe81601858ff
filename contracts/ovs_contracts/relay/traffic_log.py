"""What passed through a relay since a test began, without secrets, as plain values: a journal in another's words."""

from collections import deque
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from ovs_contracts.transport.exchange import Call
from ovs_contracts.transport.realtime import unix_seconds
from ovs_contracts.transport.redaction import redacted, redacted_header

MAX_ENTRIES = 10_000
# More of a body than anybody reads; pictures in data: URLs are longer.
MAX_BODY_BYTES = 64 * 1024

Entry = dict[str, Any]


class TrafficLog:
    """Entries in the order in which they began; ``at`` is in seconds since the Unix epoch."""

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=MAX_ENTRIES)

    def clear(self) -> None:
        self.entries.clear()

    def request(self, call: Call) -> Entry:
        """A call that has begun; tell ``answered`` of the rest."""
        path, _, query = call.path.partition("?")
        return self._add(
            "request",
            path,
            method=call.method,
            query={name: redacted(value) for name, value in parse_qsl(query, keep_blank_values=True)},
            headers=_redacted_headers(call.headers),
            body=_text(call.body),
        )

    def response(self, entry: Entry, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        """How a call ended. The events of a stream of them are entries of their own."""
        events = "text/event-stream" in headers.get("content-type", "")
        answer = "" if events else _text(body)
        entry |= {
            "status": status,
            "answered_at": unix_seconds(),
            "answer_headers": _redacted_headers(headers),
            "answer": answer,
        }

    def event(self, path: str, line: str) -> None:
        """A line of server-sent events; of those, what holds data is told."""
        if line.startswith("data:"):
            self._add("event", path, data=redacted(line.removeprefix("data:").strip()))

    def socket_opened(self, path: str) -> None:
        self._add("socket-opened", path)

    def socket_message(self, path: str, text: str, *, sent: bool) -> None:
        """A message of a socket, ``sent`` by the target."""
        self._add("socket-message", path, sent=sent, text=redacted(text[:MAX_BODY_BYTES]))

    def socket_closed(self, path: str, code: int | None, reason: str) -> None:
        """``code`` is the target's, ``None`` when the client left."""
        self._add("socket-closed", path, code=code, reason=redacted(reason))

    def _add(self, kind: str, path: str, **more: Any) -> Entry:
        entry: Entry = {"kind": kind, "at": unix_seconds(), "path": path, **more}
        self.entries.append(entry)
        return entry


def _redacted_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): redacted_header(name, value) for name, value in headers.items()}


def _text(body: bytes) -> str:
    return redacted(body[:MAX_BODY_BYTES].decode("utf-8", "backslashreplace"))
