"""Hooks where TLS begins: clients created before the interception trust the mock, and nothing trusts another server.

The client's own context is not changed. For a redirected host, a context that trusts only the mock's certificate
authority is used in its place: whatever the client trusts or does not check, the real host is refused, also behind a
proxy.
"""

import ssl
from collections.abc import Callable, Iterator
from functools import cache, wraps
from typing import Any

from ovs_mock.interception.certificates import StandardContext, authority
from ovs_mock.interception.hosts import normalize_host
from ovs_mock.interception.patches import Patches
from ovs_mock.interception.policy import POLICY

_WRONG_SERVER = "another server than the mock answered for it, as through a proxy"
_ADVICE = "A client created before the interception keeps its proxy: create it within, or without a proxy."


class MockContext(StandardContext):
    """Trusts only the certificate authority of this process's mocks."""


@cache
def client_context() -> ssl.SSLContext:
    """The context for connections to any mock of this process."""
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
            _block_wrong_server(self)


class _MockSocket(ssl.SSLSocket):
    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 - as in ssl
        try:
            super().do_handshake(block)
        except ssl.SSLCertVerificationError:
            _block_wrong_server(self)


def _block_wrong_server(connection: ssl.SSLObject | ssl.SSLSocket) -> None:
    POLICY.block(normalize_host(connection.server_hostname) or "", 443, _WRONG_SERVER, _ADVICE, tls=True)


def install(patches: Patches) -> None:
    """Hook all classes of contexts, and writes to TLS connections."""
    for context in _context_classes():
        for name in {"wrap_socket", "wrap_bio"} & vars(context).keys():
            patches.replace(context, name, _wrap_socket if name == "wrap_socket" else _wrap_bio)
    patches.replace(ssl.SSLObject, "write", _write)
    for name in ("send", "write"):
        patches.replace(ssl.SSLSocket, name, _write)


def _context_classes() -> Iterator[type]:
    """The standard library's class, and all that are derived from it."""
    pending: list[type] = [StandardContext]
    while pending:
        yield (context := pending.pop())
        pending += context.__subclasses__()


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
        context = _replacement(self, server_hostname, server_side=server_side)
        if context is not None:
            return context.wrap_socket(
                sock,
                do_handshake_on_connect=do_handshake_on_connect,
                suppress_ragged_eofs=suppress_ragged_eofs,
                server_hostname=normalize_host(server_hostname),
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
        context = _replacement(self, server_hostname, server_side=server_side)
        if context is not None:
            return context.wrap_bio(incoming, outgoing, server_hostname=normalize_host(server_hostname))
        return original(self, incoming, outgoing, server_side, server_hostname, session)

    return wrap_bio


def _replacement(context: Any, host: Any, *, server_side: bool) -> ssl.SSLContext | None:
    if server_side or host is None or isinstance(context, MockContext):
        return None
    return POLICY.tls_context(host)


def _write(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def write(self: Any, *data: Any) -> Any:
        host = getattr(self, "server_hostname", None)
        if host is not None and not self.server_side and not isinstance(self.context, MockContext):
            POLICY.check_write(host)
        return original(self, *data)

    return write
