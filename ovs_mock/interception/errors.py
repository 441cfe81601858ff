"""What a guard raises and records for a connection to the real API."""

import errno
import ssl
from dataclasses import dataclass


class OvsGuardError(ConnectionError):
    """A connection to the real API was blocked.

    It is an ``OSError``, so clients report it as a failure to connect.

    Attributes:
        message: Which host was blocked, what the code was doing, where in the user's code, and what to do.
    """

    def __init__(self, message: str) -> None:
        super().__init__(errno.ECONNREFUSED, message)
        self.message = message

    def __str__(self) -> str:
        return self.message


class OvsGuardTlsError(OvsGuardError, ssl.SSLError):
    """The same during a TLS handshake, where event loops expect ``ssl.SSLError`` only."""


@dataclass(frozen=True, slots=True)
class BlockedAttempt:
    """A connection to the real API that was blocked.

    Attributes:
        host: Name of the host, in lower case.
        port: Port or service name; ``None`` or 0 when the lookup named none.
        call_site: Line of the user's code, as ``app/vision.py:41 in ask``; ``None`` when none was found.
        action: What the code did when it was blocked.
        advice: What to do about it.
    """

    host: str
    port: object
    call_site: str | None
    action: str
    advice: str

    def __str__(self) -> str:
        port = f":{self.port}" if isinstance(self.port, int) and self.port else ""
        return (
            f"ovs-mock blocked a connection to the real {self.host}{port} ({self.action}).\n"
            f"  from: {self.call_site or 'no line of your code was found'}\n"
            f"  {self.advice}"
        )
