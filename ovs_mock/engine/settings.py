"""What a user of the mock can configure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of one mock. Durations are in seconds of the mock's clock, money is in US cents.

    A default is either *documented* by Overshoot or a *decision* of this project where the documents are silent.

    Attributes:
        seed: Seed of the ids and of the generated replies: the same seed and calls give the same ids. Default: None, a
            random seed for each mock.
        name: Name that keeps the ids of mocks with the same seed apart. Default: empty.
        ttl_seconds: Lease of new streams, in seconds. Default: None, the documented lease of the API version that
            creates the stream.
        credits_cents: Balance of a new account, in US cents. Default: 1,000 (decision).
        strict_keys: Whether only registered keys are valid. Default: False (decision), so that an unknown key that
            begins with ``ovs-`` or ``ovs_`` opens an account.
        api_keys: API keys that are registered from the start. Default: none.
        concurrent_streams: Maximum number of streams with pushed results that one key may run at a time. Default: 5
            (documented).
        cents_per_minute: Price of a minute of stream time, in US cents. Default: 2.0 (documented: 0.5 cents for 15 s).
        tombstone_seconds: Seconds for which an ended stream still tells why it ended. Default: 60.0 (decision).
        idle_after_seconds: Seconds without a frame after which an active stream becomes idle. Default: 5.0 (decision).
        departure_grace_seconds: Seconds that a publisher who left has to come back before the stream ends. Default:
            15.0 (decision).
        first_message_seconds: Seconds that a result socket has to send its API key before it is closed. Default: 10.0
            (decision).
        publish_token_seconds: Lifetime of LiveKit tokens that may publish, in seconds. Default: 600.0 (decision).
        viewer_token_seconds: Lifetime of LiveKit tokens that may only subscribe, in seconds. Default: 300.0
            (documented: 5 minutes).
        clip_persistence_seconds: Seconds between a result and the instant from which its clip can be asked about again.
            Default: 1.5 (documented: 1 to 2).
        chats_per_second: Maximum number of chats that a user may start in a second, where the API version limits them.
            Default: 1,000 (decision; production's limit is configurable).
        end_with_publisher: Whether a stream for chats ends as soon as its publisher leaves. Default: False (decision),
            so that it runs until its lease ends.
        latency_seconds: Inference latency of replies that do not set their own, in seconds of the mock's clock.
            Default: 0.0 (decision).

    Raises:
        ValueError: A setting is out of its range; the message names the setting and the range.
    """

    seed: int | None = None
    """Seed of the ids and of the generated replies: the same seed and calls give the same ids. Default: None, a random
    seed for each mock.
    """
    name: str = ""
    """Name that keeps the ids of mocks with the same seed apart. Default: empty."""
    ttl_seconds: int | None = None
    """Lease of new streams, in seconds. Default: None, the documented lease of the API version that creates the stream.
    """
    credits_cents: int = 1_000
    """Balance of a new account, in US cents. Default: 1,000 (decision)."""
    strict_keys: bool = False
    """Whether only registered keys are valid. Default: False (decision), so that an unknown key that begins with
    ``ovs-`` or ``ovs_`` opens an account.
    """
    api_keys: Sequence[str] = ()
    """API keys that are registered from the start. Default: none."""
    concurrent_streams: int = 5
    """Maximum number of streams with pushed results that one key may run at a time. Default: 5 (documented)."""
    cents_per_minute: float = 2.0
    """Price of a minute of stream time, in US cents. Default: 2.0 (documented: 0.5 cents for 15 s)."""
    tombstone_seconds: float = 60.0
    """Seconds for which an ended stream still tells why it ended. Default: 60.0 (decision)."""
    idle_after_seconds: float = 5.0
    """Seconds without a frame after which an active stream becomes idle. Default: 5.0 (decision)."""
    departure_grace_seconds: float = 15.0
    """Seconds that a publisher who left has to come back before the stream ends. Default: 15.0 (decision)."""
    first_message_seconds: float = 10.0
    """Seconds that a result socket has to send its API key before it is closed. Default: 10.0 (decision)."""
    publish_token_seconds: float = 600.0
    """Lifetime of LiveKit tokens that may publish, in seconds. Default: 600.0 (decision)."""
    viewer_token_seconds: float = 300.0
    """Lifetime of LiveKit tokens that may only subscribe, in seconds. Default: 300.0 (documented: 5 minutes)."""
    clip_persistence_seconds: float = 1.5
    """Seconds between a result and the instant from which its clip can be asked about again. Default: 1.5 (documented:
    1 to 2).
    """
    chats_per_second: int = 1_000
    """Maximum number of chats that a user may start in a second, where the API version limits them. Default: 1,000
    (decision; production's limit is configurable).
    """
    end_with_publisher: bool = False
    """Whether a stream for chats ends as soon as its publisher leaves. Default: False (decision), so that it runs until
    its lease ends.
    """
    latency_seconds: float = 0.0
    """Inference latency of replies that do not set their own, in seconds of the mock's clock. Default: 0.0 (decision).
    """

    def __post_init__(self) -> None:
        for name in ("credits_cents", "cents_per_minute", "latency_seconds", "clip_persistence_seconds"):
            self._require(name, getattr(self, name) >= 0, "zero or more")
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
            self._require(name, getattr(self, name) > 0, "more than zero")
        self._require("ttl_seconds", self.ttl_seconds is None or self.ttl_seconds >= 1, "a whole number above zero")

    def _require(self, name: str, holds: bool, expected: str) -> None:  # noqa: FBT001
        if not holds:
            raise ValueError(f"{name}={getattr(self, name)!r}: expected {expected}")
