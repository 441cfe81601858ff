"""Real time: the one module of the contracts that reads a clock or waits."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime


def unix_seconds() -> float:
    return time.time()


def utc() -> str:
    """Now, as ``2026-11-21T12:30:00+00:00``."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def stopwatch() -> float:
    """Seconds on a clock that never goes back, since some moment."""
    return time.monotonic()


def wait(seconds: float) -> None:
    """Let real time pass; Ctrl-C ends it."""
    threading.Event().wait(seconds)


def wait_for(holds: Callable[[], bool], *, timeout: float = 15, every: float = 0.05) -> None:
    """Wait until ``holds()``, which is asked again and again; TimeoutError when it never does."""
    until = stopwatch() + timeout
    while not holds():
        if stopwatch() > until:
            raise TimeoutError(f"waited {timeout:g} s in vain")
        wait(every)
