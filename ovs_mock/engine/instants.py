"""Instants and durations, in whole microseconds.

An instant counts from the Unix epoch. Whole numbers keep deadlines comparable and charges exact: ten advances of
0.1 s are one second, which floats do not promise.
"""

from datetime import UTC, datetime, timedelta

SECOND = 1_000_000
MINUTE = 60 * SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(seconds: float) -> int:
    """A duration in seconds, as microseconds, rounded to the nearest."""
    return round(seconds * SECOND)


def seconds(duration: int) -> float:
    """A duration in microseconds, as seconds."""
    return duration / SECOND


def iso8601(instant: int) -> str:
    """An instant as ISO 8601 in UTC with a ``Z``: ``2026-03-01T00:00:00Z``."""
    moment = _EPOCH + timedelta(microseconds=instant)
    return moment.isoformat().replace("+00:00", "Z")
