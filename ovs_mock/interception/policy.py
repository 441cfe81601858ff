"""Decides where connections of this process go: to the mock, to the network, or nowhere.

It is the one global of this package, because sockets and TLS are global too. While there is a guard or a redirect, the
hooks (``sockets``, ``tls``) are installed and ask it.
"""

import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

from ovs_mock.interception.call_site import call_site
from ovs_mock.interception.errors import BlockedAttempt, OvsGuardError, OvsGuardTlsError
from ovs_mock.interception.hosts import (
    PLACEHOLDERS,
    PRODUCTION_HOSTS,
    is_production,
    is_tls_port,
    is_unspecified,
    normalize_host,
)
from ovs_mock.interception.patches import Patches

Ipv4Address = tuple[str, int]
"""Address and port."""

_OTHER_PORT = "Only https:// and wss:// on port 443 are redirected to the mock."


class AttemptRecorder(Protocol):
    """Records connections that were blocked: a guard."""

    def record(self, attempt: BlockedAttempt) -> None: ...


@dataclass(frozen=True, eq=False)
class Redirect:
    """Hosts that lead to a mock's TLS listener, and the TLS context that trusts only that mock."""

    hosts: frozenset[str]
    address: Ipv4Address
    context: ssl.SSLContext


@dataclass(eq=False)
class ConnectionPolicy:
    """Guards block production hosts; a redirect sends its hosts to the mock."""

    hooks: tuple[Callable[[Patches], None], ...] = ()
    guards: tuple[AttemptRecorder, ...] = ()
    redirect: Redirect | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    _patches: Patches | None = None

    def add_guard(self, guard: AttemptRecorder) -> None:
        with self.lock:
            self.guards = (*self.guards, guard)
            self._update_hooks()

    def remove_guard(self, guard: AttemptRecorder) -> None:
        with self.lock:
            self.guards = tuple(other for other in self.guards if other is not guard)
            self._update_hooks()

    def set_redirect(self, redirect: Redirect | None) -> None:
        """Redirect the hosts of ``redirect`` to its mock; ``None`` redirects no host."""
        with self.lock:
            self.redirect = redirect
            self._update_hooks()

    def resolve(self, host: object, port: object) -> bool:
        """Whether a host resolves to the placeholder address. Raises OvsGuardError for the real API."""
        name = normalize_host(host)
        redirect = self.redirect
        if name is None or not self._is_covered(name, redirect):
            return False
        if redirect is None or name not in redirect.hosts:
            self.block(name, port, "looked up its address")
        if not (is_unspecified(port) or is_tls_port(port)):
            self.block(name, port, "looked up its address", _OTHER_PORT)
        return True

    def connect_address(self, host: object, port: object) -> Ipv4Address | None:
        """The mock's address, or ``None`` to connect as asked. Raises OvsGuardError for the real API."""
        if host not in PLACEHOLDERS and not self.resolve(host, port):
            return None
        if self.redirect is None:
            self.block(PRODUCTION_HOSTS[0], port, "connected to an address from an interception that is over")
        if not is_tls_port(port):
            self.block(PRODUCTION_HOSTS[0], port, "connected to it", _OTHER_PORT)
        return self.redirect.address

    def tls_context(self, host: object) -> ssl.SSLContext | None:
        """The context to begin TLS with; ``None`` for the client's own. Raises OvsGuardError for the real API."""
        name = normalize_host(host)
        redirect = self.redirect
        if name is None or not self._is_covered(name, redirect):
            return None
        if redirect is None or name not in redirect.hosts:
            self.block(name, 443, "began TLS with it on a connection made by other means, as through a proxy")
        return redirect.context

    def check_write(self, host: object) -> None:
        """Called before a write to a connection that does not lead to a mock. Raises OvsGuardError for the real API."""
        name = normalize_host(host)
        if name is not None and self._is_covered(name, self.redirect):
            advice = "Create a new client within the block, or close the connections of this one before it."
            self.block(name, 443, "wrote to a connection that was open before", advice)

    def block(self, host: str, port: object, action: str, advice: str | None = None, *, tls: bool = False) -> NoReturn:
        """Record the attempt with every guard and raise."""
        attempt = BlockedAttempt(host, port, call_site(), action, advice or self._advice())
        for guard in self.guards:
            guard.record(attempt)
        raise (OvsGuardTlsError if tls else OvsGuardError)(str(attempt))

    def _is_covered(self, name: str, redirect: Redirect | None) -> bool:
        if redirect is not None and name in redirect.hosts:
            return True
        return is_production(name) and (redirect is not None or bool(self.guards))

    def _advice(self) -> str:
        if self.redirect is None:
            return "Run it within `with ovs.intercept():`, or give its client the mock's own URL: base_url=ovs.v1beta."
        return (
            f"The interception redirects {', '.join(sorted(self.redirect.hosts))} to the mock; "
            "`ovs.intercept(...)` takes other hosts."
        )

    def _update_hooks(self) -> None:
        """Install the hooks for the first guard or redirect, and remove them after the last."""
        needed = bool(self.guards) or self.redirect is not None
        if needed and self._patches is None:
            self._patches = Patches()
            for install in self.hooks:
                install(self._patches)
        elif not needed and self._patches is not None:
            self._patches.undo()
            self._patches = None


POLICY = ConnectionPolicy()
