"""What a user of the mock may choose. Defaults are production's, or the project's decision where it is silent."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Choices of one mock. Durations are in seconds, money in US cents."""

    seed: int | None = None
    """Seed of ids and generated replies; ``None`` takes a new one each time."""
    name: str = ""
    """Tells worlds of the same seed apart: their ids differ."""
    ttl_seconds: int | None = None
    """Lease of new streams; ``None`` takes each version's own."""
    credits_cents: int = 1_000
    """Balance of a new account."""
    strict_keys: bool = False
    """Refuse keys that were not registered. Otherwise a new key with a known prefix opens an account."""
    api_keys: Sequence[str] = ()
    """Keys that are registered from the start."""
    concurrent_streams: int = 5
    """Streams that one key may hold at a time."""
    cents_per_minute: float = 2.0
    """Price of stream time: the documented 0.5 cents for 15 s."""
    tombstone_seconds: float = 60.0
    """How long an ended stream still says why it ended."""
    idle_after_seconds: float = 5.0
    """Silence after which a stream is idle."""
    departure_grace_seconds: float = 15.0
    """How long a publisher that left may take to come back before the stream ends."""
    first_message_seconds: float = 10.0
    """How long a result socket may wait with its API key."""
    publish_token_seconds: float = 600.0
    """Lifetime of a token that may publish."""
    viewer_token_seconds: float = 300.0
    """Lifetime of a token that may only subscribe."""
    clip_persistence_seconds: float = 1.5
    """Time between a result and the moment its clip can be asked about again."""
    chats_per_second: int = 1_000
    """Chats that a user may begin in a second, where the API limits them."""
    end_with_publisher: bool = False
    """End a stream of chats as soon as its publisher leaves; otherwise it waits for its lease."""
    latency_seconds: float = 0.0
    """Inference latency of a reply that names none."""

    def __post_init__(self) -> None:
        for name in ("credits_cents", "cents_per_minute", "latency_seconds", "clip_persistence_seconds"):
            _require(getattr(self, name) >= 0, name, getattr(self, name), "zero or more")
        for name in (
            "concurrent_streams",
            "chats_per_second",
            "tombstone_seconds",
            "idle_after_seconds",
            "departure_grace_seconds",
            "first_message_seconds",
            "publish_token_seconds",
            "viewer_token_seconds",
        ):
            _require(getattr(self, name) > 0, name, getattr(self, name), "more than zero")
        ttl = self.ttl_seconds
        _require(ttl is None or ttl >= 1, "ttl_seconds", ttl, "a whole number above zero")


def _require(holds: bool, name: str, value: object, expected: str) -> None:  # noqa: FBT001
    if not holds:
        raise ValueError(f"{name}={value!r}: expected {expected}")
