"""The hooks where TLS begins: clients that are older than the interception trust the mock, and nobody trusts another.

The client's own context is left alone. For a host that leads to the mock, a context that trusts the mock's authority
only takes its place: whatever the client trusts, or does not check, the real host is refused, also behind a proxy.
"""

import ssl
from collections.abc import Callable, Iterator
from functools import cache, wraps
from typing import Any

from ovs_mock.interception.certificates import StandardContext, authority
from ovs_mock.interception.hosts import normal
from ovs_mock.interception.patches import Patches
from ovs_mock.interception.switchboard import SWITCHBOARD

_BEFORE = "another server than the mock answered for it, as through a proxy"
_ADVICE = "A client that was made before the interception keeps its proxy: make it within, or without a proxy."


class MockContext(StandardContext):
    """Trusts the authority of a mock, and nobody else."""


@cache
def client_context() -> ssl.SSLContext:
    """For clients of whichever mock."""
    context = MockContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=authority().decode())
    context.set_alpn_protocols(["http/1.1"])
    context.sslobject_class = _MockObject
    context.sslsocket_class = _MockSocket
    return context


class _MockObject(ssl.SSLObject):
    def do_handshake(self) -> None:
        try:
            super().do_handshake()
        except ssl.SSLCertVerificationError:
            SWITCHBOARD.refuse(normal(self.server_hostname) or "", 443, _BEFORE, _ADVICE, tls=True)


class _MockSocket(ssl.SSLSocket):
    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 - as in ssl
        try:
            super().do_handshake(block)
        except ssl.SSLCertVerificationError:
            SWITCHBOARD.refuse(normal(self.server_hostname) or "", 443, _BEFORE, _ADVICE, tls=True)


def hook(patches: Patches) -> None:
    for context in _contexts():
        for name in {"wrap_socket", "wrap_bio"} & vars(context).keys():
            patches.replace(context, name, _wrap_socket if name == "wrap_socket" else _wrap_bio)
    patches.replace(ssl.SSLObject, "write", _write)
    for name in ("send", "write"):
        patches.replace(ssl.SSLSocket, name, _write)


def _contexts() -> Iterator[type]:
    """The standard library's class, and all that are derived from it."""
    waiting: list[type] = [StandardContext]
    while waiting:
        yield (context := waiting.pop())
        waiting += context.__subclasses__()


def _wrap_socket(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def wrap_socket(
        self: Any,
        sock: Any,
        server_side: bool = False,  # noqa: FBT001, FBT002 - as in ssl
        do_handshake_on_connect: bool = True,  # noqa: FBT001, FBT002
        suppress_ragged_eofs: bool = True,  # noqa: FBT001, FBT002
        server_hostname: Any = None,
        session: Any = None,
    ) -> Any:
        mine = _instead(self, server_hostname, server_side=server_side)
        if mine is not None:
            return mine.wrap_socket(
                sock,
                do_handshake_on_connect=do_handshake_on_connect,
                suppress_ragged_eofs=suppress_ragged_eofs,
                server_hostname=normal(server_hostname),
            )
        return original(
            self, sock, server_side, do_handshake_on_connect, suppress_ragged_eofs, server_hostname, session
        )

    return wrap_socket


def _wrap_bio(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def wrap_bio(
        self: Any,
        incoming: Any,
        outgoing: Any,
        server_side: bool = False,  # noqa: FBT001, FBT002 - as in ssl
        server_hostname: Any = None,
        session: Any = None,
    ) -> Any:
        mine = _instead(self, server_hostname, server_side=server_side)
        if mine is not None:
            return mine.wrap_bio(incoming, outgoing, server_hostname=normal(server_hostname))
        return original(self, incoming, outgoing, server_side, server_hostname, session)

    return wrap_bio


def _instead(context: Any, host: Any, *, server_side: bool) -> ssl.SSLContext | None:
    if server_side or host is None or isinstance(context, MockContext):
        return None
    return SWITCHBOARD.context(host)


def _write(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def write(self: Any, *data: Any) -> Any:
        host = getattr(self, "server_hostname", None)
        if host is not None and not self.server_side and not isinstance(self.context, MockContext):
            SWITCHBOARD.watch(host)
        return original(self, *data)

    return write
