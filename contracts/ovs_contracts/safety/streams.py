"""A stream that a run has created, and how long its lease may last."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ovs_contracts.documents.versions import STREAM_ID, StreamPath, stream_path, version
from ovs_contracts.transport.exchange import Call, Exchange

GONE = {200, 204, 404, 410}


@dataclass(slots=True, kw_only=True)
class OpenStream:
    """``until`` is when its lease ends, in seconds of the observer's clock, as is ``made``."""

    id: str
    version: str
    key: str
    made: float
    until: float

    def is_visible_to(self, call: Call) -> bool:
        """Whether the call finds the stream. With another user's key, or in another service, it gets a 404."""
        path = stream_path(call.path)
        return path is not None and path.version.kind == version(self.version).kind and _key(call) == self.key


def created_by(call: Call) -> StreamPath | None:
    """The path of a call that asks for a new stream."""
    path = stream_path(call.path) if call.method == "POST" else None
    return path if path and path.stream_id is None else None


def renewed_by(call: Call) -> StreamPath | None:
    """The path of a call that asks for a stream's lease to be renewed."""
    path = stream_path(call.path) if call.method == "POST" else None
    return path if path and path.action == "keepalive" else None


def created(exchange: Exchange, now: float) -> OpenStream | None:
    """The stream that this answer describes as new."""
    path = created_by(exchange.call)
    stream_id = _identifier(exchange) if path and 200 <= exchange.status < 300 else None
    if path is None or stream_id is None:
        return None
    until = now + lease(exchange, path)
    return OpenStream(id=stream_id, version=path.version.name, key=_key(exchange.call), made=now, until=until)


def renewed(exchange: Exchange, now: float) -> tuple[str, float] | None:
    """The id of the stream whose lease this answer renews, and until when."""
    path = renewed_by(exchange.call)
    if path is None or path.stream_id is None or exchange.status != 200:
        return None
    return path.stream_id, now + lease(exchange, path)


def ended(exchange: Exchange, known: Callable[[str], OpenStream | None]) -> OpenStream | None:
    """Which of the known streams is gone according to this answer."""
    path = stream_path(exchange.call.path)
    if path is None or path.stream_id is None or path.action:
        return None
    stream = known(path.stream_id) if exchange.call.method == "DELETE" and exchange.status in GONE else None
    return stream if stream and stream.is_visible_to(exchange.call) else None


def lease(exchange: Exchange, path: StreamPath) -> float:
    """The seconds that an answer grants, or the version's lease where that is longer: the target may be wrong."""
    inner = field_of(exchange, "lease")
    granted = inner.get("ttl_seconds") if isinstance(inner, dict) else field_of(exchange, "ttl_seconds")
    usual = float(path.version.lease_seconds)
    return max(usual, float(granted)) if isinstance(granted, int | float) else usual


def field_of(exchange: Exchange, name: str) -> object:
    """A field of the answer's body; ``None`` when there is none, whatever the body is."""
    return fields(exchange).get(name)


def fields(exchange: Exchange) -> dict[str, object]:
    """The answer's body when it is an object, else an empty one."""
    try:
        body = exchange.json
    except AssertionError:
        return {}
    return body if isinstance(body, dict) else {}


def _identifier(exchange: Exchange) -> str | None:
    """The stream's id; else any value that looks like one, as the stream has to be ended in any case."""
    values = [field_of(exchange, "stream_id"), field_of(exchange, "id"), *fields(exchange).values()]
    return next((value for value in values if isinstance(value, str) and re.fullmatch(STREAM_ID, value)), None)


def _key(call: Call) -> str:
    return call.headers.get("authorization", "").partition(" ")[2]


def path_of(call: Call) -> str:
    return call.path.partition("?")[0]
