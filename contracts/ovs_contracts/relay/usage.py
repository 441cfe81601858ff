"""What one suite makes and spends through a relay, test by test."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from ovs_contracts.relay.traffic_log import TrafficLog
from ovs_contracts.safety.errors import NotAllowedError
from ovs_contracts.safety.limits import SafetyLimits
from ovs_contracts.safety.streams import OpenStream
from ovs_contracts.transport.exchange import Call, Exchange

KNOWN_STREAMS = 1_000


@dataclass(slots=True)
class UsageTracker:
    """The guards of a relay, and what they have seen since the last ``begin``."""

    limits: SafetyLimits
    log: TrafficLog = field(default_factory=TrafficLog)
    refusals: list[str] = field(default_factory=list)
    _streams: deque[OpenStream] = field(default_factory=lambda: deque(maxlen=KNOWN_STREAMS))
    _spent_before: float = 0.0

    def begin_test(self) -> None:
        """Another test."""
        self.log.clear()
        self.refusals.clear()
        self._spent_before = self._spent()

    def before(self, call: Call) -> None:
        """A RefusalError when the call could cost too much."""
        try:
            for guard in self.limits.observers:
                guard.before(call)
        except NotAllowedError as refusal:
            self.refusals.append(str(refusal))
            raise

    def after(self, exchange: Exchange) -> None:
        known = set(self.limits.ledger.open)
        for guard in self.limits.observers:
            guard.after(exchange)
        self._streams.extend(stream for id_, stream in self.limits.ledger.open.items() if id_ not in known)

    def stream(self, stream_id: str) -> OpenStream | None:
        """A stream that was made through this relay, whether or not it has ended."""
        return next((stream for stream in self._streams if stream.id == stream_id), None)

    @property
    def open(self) -> list[OpenStream]:
        """Streams that nobody has ended; those whose lease is over are no trouble to anybody."""
        return self.limits.ledger.alive()

    def to_json(self) -> dict[str, Any]:
        """What the test has done until now, as plain values; ``cents`` is an estimate."""
        return {
            "entries": list(self.log.entries),
            "open": [stream.id for stream in self.open],
            "cents": self._spent() - self._spent_before,
            "refusals": list(self.refusals),
        }

    def _spent(self) -> float:
        return self.limits.budget.meter.spent if self.limits.budget else 0.0
