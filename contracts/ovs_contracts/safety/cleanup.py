"""Ends streams that runs have left behind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from ovs_contracts.safety.stream_file import LeftoverStream, leftovers
from ovs_contracts.safety.streams import GONE
from ovs_contracts.transport.exchange import Exchange
from ovs_contracts.transport.realtime import wait

Delete = Callable[[str, str, str], Exchange]
"""Ends a stream: its version, its id and the key that it belongs to."""

ATTEMPTS = 4
FIRST_PAUSE = 0.25
DAY = 86400.0


@dataclass(slots=True)
class CleanupResult:
    """How many streams were ended, had ended already, or are still there."""

    ended: int = 0
    gone: int = 0
    remaining: int = 0
    unknown_key: int = 0
    """Those of the streams still there that belong to a key which is not known."""

    def __str__(self) -> str:
        parts = [f"ended {self.ended}", f"{self.gone} had ended already"]
        if self.remaining:
            parts.append(f"{self.remaining} could not be ended")
        if self.unknown_key:
            parts.append(f"{self.unknown_key} of them belong to another key: set OVERSHOOT_API_KEY to it")
        return "streams of earlier runs: " + ", ".join(parts)

    def __bool__(self) -> bool:
        return bool(self.ended or self.gone or self.remaining)


def clean_up(folder: Path, origin: str, keys: Sequence[str], delete: Delete) -> CleanupResult:
    """End what earlier runs against the origin left behind."""
    cleaned = CleanupResult()
    for left in leftovers(folder, origin):
        for stream in list(left.streams):
            # Nothing renews the lease of a stream whose run has ended, so an old one is gone whoever owned it.
            foreign = not any(map(stream.belongs_to, keys))
            if (foreign and left.seconds_old() > DAY) or _end_stream(stream, keys, delete, cleaned):
                left.remove(stream.id)
    return cleaned


def retry_delete(delete: Callable[[], Exchange], attempts: int = ATTEMPTS) -> int | None:
    """The status of a deletion that is tried again while the target is out of order; ``None`` when it stays so."""
    for attempt in range(attempts):
        try:
            status = delete().status
        except (httpx.TransportError, AssertionError):
            status = None
        if is_final(status):
            return status
        if attempt + 1 < attempts:
            wait(retry_delay(attempt))
    return None


def is_final(status: int | None) -> bool:
    """Whether trying again would change nothing; ``None`` is no answer."""
    return status is not None and status < 500 and status != 429


def retry_delay(attempt: int) -> float:
    """Seconds behind a failed attempt; the first is number 0."""
    return FIRST_PAUSE * float(2**attempt)


def _end_stream(stream: LeftoverStream, keys: Sequence[str], delete: Delete, cleaned: CleanupResult) -> bool:
    """Whether the stream is gone now."""
    key = next((key for key in keys if stream.belongs_to(key)), None)
    if key is None:
        cleaned.remaining += 1
        cleaned.unknown_key += 1
        return False
    status = retry_delete(lambda: delete(stream.version, stream.id, key))
    match status:
        case 200:
            cleaned.ended += 1
        case _ if status in GONE:
            cleaned.gone += 1
        case _:
            cleaned.remaining += 1
    return status in GONE
