"""Real time: the one module of the contracts that reads a clock or waits."""

import threading
import time


def unix_seconds() -> float:
    return time.time()


def stopwatch() -> float:
    """Seconds on a clock that never goes back, since some moment."""
    return time.monotonic()


def wait(seconds: float) -> None:
    """Let real time pass; Ctrl-C ends it."""
    threading.Event().wait(seconds)
