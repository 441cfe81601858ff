"""The guard: whoever is about to reach the real API gets an error that says so."""

import errno
import ssl
from collections import Counter
from dataclasses import dataclass
from types import TracebackType

_KEPT = 100


class OvsGuardError(ConnectionError):
    """The real API was about to be reached. An OSError, which clients report as a failure to connect."""

    def __init__(self, message: str) -> None:
        super().__init__(errno.ECONNREFUSED, message)
        self.message = message

    def __str__(self) -> str:
        return self.message


class OvsGuardTlsError(OvsGuardError, ssl.SSLError):
    """The same in the midst of a handshake, where event loops expect errors of TLS only."""


@dataclass(frozen=True, slots=True)
class BlockedAttempt:
    """Somebody was about to reach the real API."""

    host: str
    port: object
    origin: str | None
    """``app/vision.py:41 in ask``."""
    deed: str
    advice: str

    def __str__(self) -> str:
        port = f":{self.port}" if isinstance(self.port, int) and self.port else ""
        return (
            f"ovs-mock kept this process from reaching the real {self.host}{port} ({self.deed}).\n"
            f"  from: {self.origin or 'no code of yours that could be found'}\n"
            f"  {self.advice}"
        )


class Guard:
    """Refuses the real API while it is entered, and remembers who tried: ``attempts``."""

    def __init__(self) -> None:
        self._counts: Counter[BlockedAttempt] = Counter()

    @property
    def attempts(self) -> list[BlockedAttempt]:
        """Each once, however often a client tried again."""
        return list(self._counts)

    def note(self, attempt: BlockedAttempt) -> None:
        """Remember an attempt; called from any thread."""
        if len(self._counts) < _KEPT or attempt in self._counts:
            self._counts[attempt] += 1

    def report(self) -> str:
        """All attempts, for people; empty when there were none."""
        times = ((a, f"\n  tried {n} times" if n > 1 else "") for a, n in self._counts.items())
        return "\n".join(f"{attempt}{tried}" for attempt, tried in times)

    def __enter__(self) -> "Guard":
        from ovs_mock.interception.switchboard import SWITCHBOARD

        SWITCHBOARD.guard(self)
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        from ovs_mock.interception.switchboard import SWITCHBOARD

        SWITCHBOARD.unguard(self)
