"""An authority of this process alone, and certificates for the hosts that lead to the mock.

Its keys never leave memory but for the moment in which OpenSSL reads them from a private file.
"""

import ssl
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import trustme


def authority() -> bytes:
    """The authority's certificate, as PEM."""
    return _authority().cert_pem.bytes()


@cache
def server_context(hosts: frozenset[str]) -> ssl.SSLContext:
    """For a listener that is these hosts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority().issue_cert(*sorted(hosts)).configure_cert(context)
    context.set_alpn_protocols(["http/1.1"])
    return context


@cache
def _authority() -> "trustme.CA":
    try:
        import trustme
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "ovs.intercept() needs certificates, which trustme makes: pip install 'ovs-mock[intercept]'",
            name=missing.name,
        ) from None
    return trustme.CA(organization_name="ovs-mock")
