"""Redirects the production hosts to the mock for the length of a ``with`` block."""

import os
import ssl
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from ovs_mock.interception.certificates import authority, server_context
from ovs_mock.interception.environment import PatchedEnvironment, environment_changes
from ovs_mock.interception.hooks import POLICY
from ovs_mock.interception.hosts import normalize_host
from ovs_mock.interception.policy import Redirect
from ovs_mock.interception.tls import client_context
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error

T = TypeVar("T")

LOOPBACK = "127.0.0.1"


class InterceptionServer(Protocol):
    """Listens with TLS on loopback."""

    @property
    def listens_tls(self) -> bool: ...
    async def listen_tls(self, context: ssl.SSLContext) -> int: ...
    async def stop_tls(self) -> None: ...


class InterceptionTenant(Protocol):
    """The tenant of the server that answers."""

    @property
    def url(self) -> str: ...
    @property
    def api_key(self) -> str: ...
    def run(self, work: Coroutine[Any, Any, T]) -> T: ...


@dataclass(eq=False)
class _Active:
    """The interception that is active in this process: at most one."""

    mock: InterceptionTenant
    server: InterceptionServer
    redirect: Redirect
    environment: PatchedEnvironment
    users: int = 1


_active: _Active | None = None


class Interception:
    """Context manager that redirects hosts to a mock, for the whole process.

    ``ovs.intercept()`` creates it. Interceptions of one mock can be nested, and threads can share them; the outermost
    one names all hosts.

    Attributes:
        hosts: Names of the hosts that are redirected, in lower case.
    """

    def __init__(self, mock: InterceptionTenant, server: InterceptionServer, hosts: Iterable[str]) -> None:
        self._mock = mock
        self._server = server
        self.hosts = frozenset(name for host in hosts if (name := normalize_host(host)))
        for host in self.hosts:
            if set(host) & set("/:@"):
                raise ValueError(
                    f"{host!r} is not a host name: expected one such as 'api.overshoot.ai', without scheme and port"
                )

    @property
    def authority(self) -> str:
        """Certificate of the authority that signs the mock's, as PEM, for clients with their own trust store."""
        return authority().decode()

    def __enter__(self) -> "Interception":
        global _active  # noqa: PLW0603 - a process has one way of resolving names
        with POLICY.lock:
            if _active is None:
                _active = self._start()
            else:
                self._join(_active)
        return self

    def __exit__(self, *_: object) -> None:
        global _active
        with POLICY.lock:
            assert _active is not None
            _active.users -= 1
            if not _active.users:
                ending, _active = _active, None
                _stop(ending)

    def _start(self) -> _Active:
        mock, server = self._mock, self._server
        port = mock.run(server.listen_tls(server_context(self.hosts)))
        try:
            redirect = Redirect(self.hosts, (LOOPBACK, port), client_context())
            POLICY.set_redirect(redirect)
            changes = environment_changes(os.environ, self.hosts, mock.url, mock.api_key)
            return _Active(mock, server, redirect, PatchedEnvironment(changes))
        except BaseException:
            POLICY.set_redirect(None)
            mock.run(server.stop_tls())
            raise

    def _join(self, active: _Active) -> None:
        if active.mock is not self._mock:
            raise RuntimeError(
                f"this process already redirects {_names(active.redirect.hosts)} to the mock at {active.mock.url}: "
                f"leave that intercept() before the mock at {self._mock.url} takes over"
            )
        if more := self.hosts - active.redirect.hosts:
            raise RuntimeError(
                f"intercept() within intercept() cannot add {_names(more)}: name all hosts in the outer one"
            )
        active.users += 1


def _stop(active: _Active) -> None:
    POLICY.set_redirect(None)
    active.environment.restore()
    if active.server.listens_tls:
        active.mock.run(active.server.stop_tls())


def _names(hosts: Iterable[str]) -> str:
    return ", ".join(sorted(hosts))
