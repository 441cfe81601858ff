"""A stream that a run has made, and how long its lease may last."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ovs_contracts.transport.exchange import Call, Exchange

CREATE = re.compile(r"/(?P<version>v0\.2|v1|v1beta)/streams/?")
KEEPALIVE = re.compile(r"/(?P<version>v0\.2|v1|v1beta)/streams/(?P<id>[0-9a-fA-F-]{36})/keepalive")
STREAM = re.compile(r"/(?P<version>v0\.2|v1|v1beta)/streams/(?P<id>[0-9a-fA-F-]{36})")
ID = re.compile(r"[0-9a-fA-F-]{36}")
GONE = {200, 204, 404, 410}
USUAL_LEASE = {"v0.2": 45.0, "v1": 300.0, "v1beta": 300.0}


@dataclass(slots=True, kw_only=True)
class OpenStream:
    """``until`` is when its lease ends, on the clock of whoever watches."""

    id: str
    version: str
    key: str
    made: float
    until: float

    def is_known_to(self, call: Call) -> bool:
        """Whether a caller is told of it. With another's key, or in another service, it is 404 while it runs."""
        version = call.path.split("/")[1]
        same_service = (version == "v0.2") == (self.version == "v0.2")
        return same_service and _key(call) == self.key


def created(exchange: Exchange, now: float) -> OpenStream | None:
    """The stream that this answer speaks of as new."""
    made = CREATE.fullmatch(path_of(exchange.call))
    if exchange.call.method != "POST" or made is None or not 200 <= exchange.status < 300:
        return None
    stream_id = _identifier(exchange)
    if stream_id is None:
        return None
    until = now + lease(exchange, made["version"])
    return OpenStream(id=stream_id, version=made["version"], key=_key(exchange.call), made=now, until=until)


def renewed(exchange: Exchange, now: float) -> tuple[str, float] | None:
    """The stream whose lease this answer renews, and until when."""
    kept = KEEPALIVE.fullmatch(path_of(exchange.call))
    if exchange.call.method != "POST" or kept is None or exchange.status != 200:
        return None
    return kept["id"], now + lease(exchange, kept["version"])


def ended(exchange: Exchange, known: Callable[[str], OpenStream | None]) -> OpenStream | None:
    """Which of the known streams is gone by this answer."""
    asked = STREAM.fullmatch(path_of(exchange.call))
    if asked is None or exchange.call.method != "DELETE" or exchange.status not in GONE:
        return None
    stream = known(asked["id"])
    return stream if stream and stream.is_known_to(exchange.call) else None


def lease(exchange: Exchange, version: str) -> float:
    """The seconds that an answer grants; the longer of that and the usual, as a target may be wrong about it."""
    inner = named(exchange, "lease")
    told = inner.get("ttl_seconds") if isinstance(inner, dict) else named(exchange, "ttl_seconds")
    usual = USUAL_LEASE[version]
    return max(usual, float(told)) if isinstance(told, int | float) else usual


def named(exchange: Exchange, name: str) -> object:
    """A member of the answer's body; ``None`` when there is none, whatever the body is."""
    return members(exchange).get(name)


def members(exchange: Exchange) -> dict[str, object]:
    """The answer's body when it is an object, else nothing."""
    try:
        body = exchange.json
    except AssertionError:
        return {}
    return body if isinstance(body, dict) else {}


def _identifier(exchange: Exchange) -> str | None:
    """The stream's id; should a target have renamed it, whatever looks like one, as the stream has to be ended."""
    told = [named(exchange, "stream_id"), named(exchange, "id")]
    return next(
        (text for text in [*told, *members(exchange).values()] if isinstance(text, str) and ID.fullmatch(text)), None
    )


def _key(call: Call) -> str:
    return call.headers.get("authorization", "").partition(" ")[2]


def path_of(call: Call) -> str:
    return call.path.partition("?")[0]
