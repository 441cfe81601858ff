"""The interception: for a while, the production hosts are the mock."""

import os
import ssl
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, TypeVar

from ovs_mock.interception.certificates import authority, server_context
from ovs_mock.interception.environment import PatchedEnvironment, substitutes
from ovs_mock.interception.hosts import normal
from ovs_mock.interception.switchboard import SWITCHBOARD, Redirect
from ovs_mock.interception.tls import client_context
from ovs_mock.util.tracebacks import of_mistakes

__tracebackhide__ = of_mistakes

T = TypeVar("T")

LOOPBACK = "127.0.0.1"


class InterceptionServer(Protocol):
    """What listens."""

    @property
    def listens_tls(self) -> bool: ...
    async def listen_tls(self, context: ssl.SSLContext) -> int: ...
    async def stop_tls(self) -> None: ...


class InterceptionTenant(Protocol):
    """Who is called: a tenant of the server."""

    @property
    def url(self) -> str: ...
    @property
    def api_key(self) -> str: ...
    def call(self, work: Coroutine[Any, Any, T]) -> T: ...


@dataclass(eq=False)
class _Standing:
    """The interception that stands in this process: there is one at most."""

    mock: InterceptionTenant
    server: InterceptionServer
    redirect: Redirect
    environment: PatchedEnvironment
    users: int = 1


_standing: _Standing | None = None


class Interception:
    """Leads ``hosts`` to a mock while it is entered, for all of this process."""

    def __init__(self, mock: InterceptionTenant, server: InterceptionServer, hosts: Iterable[str]) -> None:
        self._mock = mock
        self._server = server
        self.hosts = frozenset(name for host in hosts if (name := normal(host)))
        for host in self.hosts:
            if not host or set(host) & set("/:@"):
                raise ValueError(f"{host!r} is no host name: give it as 'api.overshoot.ai', without scheme and port")

    @property
    def authority(self) -> str:
        """The certificate, as PEM, of the authority that the mock's is signed by, for those who check on their own."""
        return authority().decode()

    def __enter__(self) -> "Interception":
        global _standing  # noqa: PLW0603 - the process has one way of resolving names
        with SWITCHBOARD.lock:
            if _standing is None:
                _standing = _begin(self._mock, self._server, self.hosts)
            else:
                self._join(_standing)
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        global _standing
        with SWITCHBOARD.lock:
            assert _standing is not None
            _standing.users -= 1
            if not _standing.users:
                ending, _standing = _standing, None
                _end(ending)

    def _join(self, standing: _Standing) -> None:
        if standing.mock is not self._mock:
            raise RuntimeError(
                f"this process already leads {_names(standing.redirect.hosts)} to the mock at {standing.mock.url}: "
                f"leave that intercept() before the mock at {self._mock.url} takes over"
            )
        if more := self.hosts - standing.redirect.hosts:
            raise RuntimeError(
                f"intercept() within intercept() cannot add {_names(more)}: name all hosts in the outer one"
            )
        standing.users += 1


def _begin(mock: InterceptionTenant, server: InterceptionServer, hosts: frozenset[str]) -> _Standing:
    identity, trust = server_context(hosts), client_context()
    redirect = Redirect(hosts, (LOOPBACK, mock.call(server.listen_tls(identity))), trust)
    try:
        SWITCHBOARD.lead(redirect)
        environment = PatchedEnvironment(substitutes(os.environ, hosts, mock.url, mock.api_key))
    except BaseException:
        SWITCHBOARD.lead(None)
        mock.call(server.stop_tls())
        raise
    return _Standing(mock, server, redirect, environment)


def _end(standing: _Standing) -> None:
    SWITCHBOARD.lead(None)
    standing.environment.restore()
    if standing.server.listens_tls:
        standing.mock.call(standing.server.stop_tls())


def _names(hosts: Iterable[str]) -> str:
    return ", ".join(sorted(hosts))
