"""Where connections of this process lead: the one thing that is global, as sockets and TLS are.

Hooks (``sockets``, ``tls``) stand while there is a guard or an interception, and ask here.
"""

import ssl
import threading
from dataclasses import dataclass, field
from typing import NoReturn

from ovs_mock.interception.guard import BlockedAttempt, Guard, OvsGuardError, OvsGuardTlsError
from ovs_mock.interception.hosts import INTERCEPTED, STAND_INS, is_open, is_real, is_tls, normal
from ovs_mock.interception.origin import origin
from ovs_mock.interception.patches import Patches

Address = tuple[str, int]
"""Of IPv4."""

_OTHER_PORT = "Only https:// and wss:// on port 443 lead to the mock."


@dataclass(frozen=True, eq=False)
class Redirect:
    """Hosts that lead to a mock's TLS listener, and the TLS context that trusts nobody but it."""

    hosts: frozenset[str]
    address: Address
    context: ssl.SSLContext


@dataclass(eq=False)
class Switchboard:
    guards: tuple[Guard, ...] = ()
    redirect: Redirect | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    _patches: Patches | None = None

    def guard(self, guard: Guard) -> None:
        with self.lock:
            self.guards = (*self.guards, guard)
            self._stand()

    def unguard(self, guard: Guard) -> None:
        with self.lock:
            self.guards = tuple(other for other in self.guards if other is not guard)
            self._stand()

    def lead(self, redirect: Redirect | None) -> None:
        """Have the hosts of a redirect lead to the mock; ``None`` ends that."""
        with self.lock:
            self.redirect = redirect
            self._stand()

    def resolve(self, host: object, port: object) -> bool:
        """Whether a host has the stand-in for its address. Raises OvsGuardError for the real API."""
        name = normal(host)
        redirect = self.redirect
        if name is None or not self._ours(name, redirect):
            return False
        if redirect is None or name not in redirect.hosts:
            self.refuse(name, port, "looked up its address")
        if not (is_open(port) or is_tls(port)):
            self.refuse(name, port, "looked up its address", _OTHER_PORT)
        return True

    def connect(self, host: object, port: object) -> Address | None:
        """Where to connect to instead; ``None`` for where one may. Raises OvsGuardError for the real API."""
        if host not in STAND_INS and not self.resolve(host, port):
            return None
        if self.redirect is None:
            self.refuse(INTERCEPTED[0], port, "connected to it as in an interception that is over")
        if not is_tls(port):
            self.refuse(INTERCEPTED[0], port, "connected to it", _OTHER_PORT)
        return self.redirect.address

    def context(self, host: object) -> ssl.SSLContext | None:
        """Whose trust to go by when TLS begins; ``None`` for the client's own."""
        name = normal(host)
        redirect = self.redirect
        if name is None or not self._ours(name, redirect):
            return None
        if redirect is None or name not in redirect.hosts:
            self.refuse(name, 443, "began TLS with it, on a connection made by other means, as through a proxy")
        return redirect.context

    def watch(self, host: object) -> None:
        """Somebody is about to write to a host on a connection that does not lead to a mock."""
        name = normal(host)
        if name is not None and self._ours(name, self.redirect):
            advice = "Begin with a new client, or close its connections before."
            self.refuse(name, 443, "wrote on a connection that was open before", advice)

    def refuse(self, host: str, port: object, deed: str, advice: str | None = None, *, tls: bool = False) -> NoReturn:
        """Raise, and let the guards know."""
        attempt = BlockedAttempt(host, port, origin(), deed, advice or self._advice())
        for guard in self.guards:
            guard.note(attempt)
        raise (OvsGuardTlsError if tls else OvsGuardError)(str(attempt))

    def _ours(self, name: str, redirect: Redirect | None) -> bool:
        if redirect is not None and name in redirect.hosts:
            return True
        return is_real(name) and (redirect is not None or bool(self.guards))

    def _advice(self) -> str:
        if self.redirect is None:
            return "Run it within `with ovs.intercept():`, or give its client the mock's own URL: base_url=ovs.v1beta."
        return (
            f"The interception leads {', '.join(sorted(self.redirect.hosts))} to the mock; "
            "`ovs.intercept(...)` takes other hosts."
        )

    def _stand(self) -> None:
        """Hooks stand as long as somebody wants them."""
        if (self.guards or self.redirect) and self._patches is None:
            # By their full names: where somebody clears modules away, as pytest's own tests of plugins do, the package
            # may still know older ones, which ask an older switchboard.
            from ovs_mock.interception.sockets import hook as hook_sockets
            from ovs_mock.interception.tls import hook as hook_tls

            self._patches = Patches()
            hook_sockets(self._patches)
            hook_tls(self._patches)
        elif not self.guards and self.redirect is None and self._patches is not None:
            self._patches.undo()
            self._patches = None


SWITCHBOARD = Switchboard()
