"""Removes from answers what differs between targets: ids become references, times relative, measures approximate."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from ovs_common.redaction import TOKEN
from ovs_contracts.client.livekit.token import claims
from ovs_contracts.transport.exchange import Exchange

# The same call is made at the two targets within so many seconds.
SECONDS = 4.0

ID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|\b[a-z]+_[0-9a-f]{8,}\b")
ORIGIN = re.compile(r"\b(https?|wss?)://[^/\s\"']+")

# Measured values, and how far apart two measurements may be.
MEASURED = {
    "uptime_seconds": SECONDS,
    "seconds_charged": SECONDS,
    "cost_cents": SECONDS * 2 / 60,
    "stream_time_ms": SECONDS * 1000,
    "fps": 1.0,
    "recent_fps": 1.0,
    "inferences_completed": SECONDS * 2,
    "credits_remaining_cents": 2,
    "balance_cents": 2,
    "balance_microcents": 2_000_000,
}
# Compared by type only: durations in real time, and credentials.
IGNORED = {
    *("inference_latency_ms", "total_latency_ms", "last_inference_latency_seconds", "system_fingerprint"),
    *("sdp", "username", "credential"),
}
# Compared by type only where the targets are different programs: what models answer, and what an account holds.
VARIABLE = {
    *("content", "result", "prompt_tokens", "completion_tokens", "total_tokens", "cached_input_tokens", "cache_hit"),
    *("credits_remaining_cents", "balance_cents", "balance_microcents"),
}
HEADERS = (
    "content-type",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "x-overshoot-region",
    "retry-after",
    "allow",
)
PRESENT = ("set-cookie", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


@dataclass(frozen=True)
class ApproximateValue:
    """A measured value."""

    value: float
    tolerance: float

    def __str__(self) -> str:
        return f"about {self.value:.4g}"


def token_shape(token: str) -> dict[str, Any]:
    """What a token grants and for how long, without identity and room."""
    try:
        content = claims(token)
    except jwt.InvalidTokenError:
        return {}
    grants = content.get("video")
    begins = content.get("nbf", content.get("iat"))
    ends = content.get("exp")
    return {
        "seconds": ends - begins if isinstance(ends, int) and isinstance(begins, int) else None,
        "names": sorted(content),
        "video": {name: value if isinstance(value, bool | list) else "(given)" for name, value in grants.items()}
        if isinstance(grants, dict)
        else None,
    }


class Normaliser:
    """Normalises the answers of one target. ``strict`` when both targets are the same program."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self._references: dict[str, str] = {}

    def answer(self, exchange: Exchange, now: float) -> dict[str, Any]:
        """Status, headers and body of an answer. ``now`` is the target's time in Unix seconds."""
        return {
            "status": exchange.status,
            "headers": self.headers(exchange.headers),
            "body": self.body(exchange.body, exchange.headers.get("content-type", ""), now),
        }

    def body(self, raw: bytes, content_type: str, now: float) -> Any:
        """A body of this type."""
        text = raw.decode("utf-8", "replace")
        try:
            return self._value(json.loads(text), "", now)
        except ValueError:
            pass
        if "event-stream" in content_type:
            # The model decides how a text is cut into chunks.
            return {"ends": text.strip().rpartition("\n")[2]}
        return self._text(text) if self._strict or not text else "(text)"

    def message(self, message: Any, now: float) -> Any:
        """A message of a socket."""
        return self._value(message, "", now)

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The values of some headers, and the presence of others."""
        plain = {name: self._text(headers[name]) for name in HEADERS if name in headers}
        return plain | {name: "(given)" for name in PRESENT if name in headers}

    def _value(self, value: Any, name: str, now: float) -> Any:
        match value:
            case _ if name in IGNORED or (not self._strict and name in VARIABLE):
                return type(value).__name__
            case dict():
                return {key: self._value(inner, key, now) for key, inner in value.items()}
            case list():
                return self._list(value, name, now)
            case str():
                return self._string(value, name, now)
            case int() | float() if not isinstance(value, bool):
                return self._number(value, name, now)
            case _:
                return value

    def _list(self, values: list[Any], name: str, now: float) -> list[Any]:
        normalised = [self._value(value, name, now) for value in values]
        if self._strict or not all(isinstance(value, dict) and {"model", "owned_by"} & set(value) for value in values):
            return normalised
        # Each target has its own models.
        return sorted({", ".join(sorted(value)) for value in normalised})

    def _number(self, value: float, name: str, now: float) -> Any:
        if name in MEASURED:
            return ApproximateValue(value, MEASURED[name])
        if name.endswith("_at_ms"):
            return ApproximateValue(value / 1000 - now, SECONDS)
        if name in ("created", "exp", "nbf", "iat") and value > 10**9:
            # The creation time of a model is fixed, and not relative to this run.
            return ApproximateValue(value - now, SECONDS) if abs(value - now) < 10**6 else "long ago"
        return value

    def _string(self, value: str, name: str, now: float) -> Any:
        if TOKEN.fullmatch(value):
            return {"token": token_shape(value)}
        if name.endswith("_at") and (time := _unix_seconds(value)) is not None:
            return ApproximateValue(time - now, SECONDS)
        if name in ("message", "msg", "detail") and not self._strict:
            return "(words)"
        return self._text(value)

    def _text(self, text: str) -> str:
        """Text with references for ids, numbered in order of appearance, and addresses without host."""
        return ORIGIN.sub(r"\1://…", ID.sub(lambda found: self.reference(found[0]), text))

    def reference(self, actual: str) -> str:
        """The reference for an id."""
        return self._references.setdefault(actual.lower(), f"<id {len(self._references) + 1}>")


def _unix_seconds(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None
