"""An estimate of what calls have cost, and of what the next one may."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ovs_contracts.documents.versions import ContractVersion, version
from ovs_contracts.safety.prices import ListedPrice, token_counts
from ovs_contracts.safety.streams import (
    OpenStream,
    created,
    created_by,
    ended,
    field_of,
    path_of,
    renewed,
    renewed_by,
)
from ovs_contracts.transport.exchange import Call, Exchange
from ovs_contracts.transport.realtime import stopwatch

COMPLETIONS = ("/chat/completions", "/chat/completions/clip")
# For a call that does not say how long its answer may be, and for pictures, whose size a call does not show.
USUAL_COMPLETION = 1024
USUAL_PICTURES = 4096
UNPRICED_CENTS = 0.5


@dataclass(slots=True)
class _Running:
    """A stream that is being charged for."""

    made: OpenStream
    since: float
    until: float

    def cents(self, now: float) -> float:
        return max(0.0, min(now, self.until) - self.since) * _cents_per_second(version(self.made.version))


class CostMeter:
    """Adds up. Where the target says what it charged, that counts, unless the time that went by costs more."""

    def __init__(self, prices: Mapping[str, ListedPrice], now: Callable[[], float] = stopwatch) -> None:
        self.unpriced = 0
        """Answers whose price is not known."""
        self._prices = prices
        self._now = now
        self._settled = 0.0
        self._running: dict[str, _Running] = {}

    @property
    def spent(self) -> float:
        """Cents until now."""
        now = self._now()
        return self._settled + sum(stream.cents(now) for stream in self._running.values())

    @property
    def committed(self) -> float:
        """Cents that open streams will cost from now on, should nobody end them before their leases do."""
        now = self._now()
        return sum(stream.cents(stream.until) - stream.cents(now) for stream in self._running.values())

    def add(self, cents: float) -> None:
        """Count what is known from elsewhere."""
        self._settled += cents

    def max_cost(self, call: Call) -> float:
        """Cents that this call may cost at most, including the time that it pays for."""
        if call.method != "POST":
            return 0.0
        if path := created_by(call):
            return path.version.lease_seconds * _cents_per_second(path.version)
        if path := renewed_by(call):
            return self._extension_cost(path.version, str(path.stream_id))
        return self._completion_cost(call) if path_of(call).endswith(COMPLETIONS) else 0.0

    def after(self, exchange: Exchange) -> None:
        """Count what an answer cost."""
        now = self._now()
        if made := created(exchange, now):
            if version(made.version).cents_per_stream_minute:
                # From the request on: the stream began somewhere between that and the answer.
                self._running[made.id] = _Running(made, now - exchange.seconds, made.until)
        elif (kept := renewed(exchange, now)) and (stream := self._running.get(kept[0])):
            charged = field_of(exchange, "cost_cents")
            self._settled += max(stream.cents(now), float(charged) if isinstance(charged, int | float) else 0.0)
            self._running[kept[0]] = _Running(stream.made, now, kept[1])
        elif gone := ended(exchange, self._made):
            self._settled += self._running.pop(gone.id).cents(now)
        elif path_of(exchange.call).endswith(COMPLETIONS) and exchange.status == 200:
            self._add_completion(exchange)

    def _made(self, stream_id: str) -> OpenStream | None:
        stream = self._running.get(stream_id)
        return stream.made if stream else None

    def _extension_cost(self, of: ContractVersion, stream_id: str) -> float:
        """Cents for the time by which a keepalive extends the lease."""
        stream = self._running.get(stream_id)
        remaining = max(0.0, stream.until - self._now()) if stream else 0.0
        return max(0.0, of.lease_seconds - remaining) * _cents_per_second(of)

    def _completion_cost(self, call: Call) -> float:
        body = _json_object(call.body)
        price = self._prices.get(str(body.get("model")))
        if price is None:
            return UNPRICED_CENTS
        limit = body.get("max_completion_tokens") or body.get("max_tokens")
        completion = limit if isinstance(limit, int) and limit > 0 else USUAL_COMPLETION
        return price.cents(len(call.body) / 3 + USUAL_PICTURES, completion)

    def _add_completion(self, exchange: Exchange) -> None:
        price = self._prices.get(str(_json_object(exchange.call.body).get("model")))
        tokens = _used_tokens(exchange)
        if price is None or tokens is None:
            self.unpriced += 1
        else:
            prompt, completion, cached = tokens
            self._settled += price.cents(prompt, completion, cached)


def _cents_per_second(of: ContractVersion) -> float:
    return of.cents_per_stream_minute / 60


def _used_tokens(exchange: Exchange) -> tuple[float, float, float] | None:
    """What an answer says that it used: in its body, or in the last event that says so."""
    lines = [line.removeprefix("data:") for line in exchange.text.splitlines() if line.startswith("data:")]
    for text in reversed(lines or [exchange.text]):
        body = _json_object(text)
        if (tokens := token_counts(body.get("usage"), body.get("overshoot"))) is not None:
            return tokens
    return None


def _json_object(text: bytes | str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
