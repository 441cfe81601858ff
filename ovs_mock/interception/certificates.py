"""A certificate authority of this process, and certificates for the hosts that are redirected to the mock.

Private keys stay in memory, except while OpenSSL reads them from a temporary file that only the user can read.
"""

import ssl
from functools import cache
from typing import TYPE_CHECKING

from ovs_mock.util.tracebacks import is_user_error

if TYPE_CHECKING:
    import trustme

    StandardContext = ssl.SSLContext
else:
    # truststore replaces `ssl.SSLContext` with a subclass of the standard one.
    StandardContext = [cls for cls in ssl.SSLContext.__mro__ if "wrap_bio" in vars(cls)][-1]


__tracebackhide__ = is_user_error


def authority() -> bytes:
    """The authority's certificate, as PEM."""
    return _authority().cert_pem.bytes()


@cache
def server_context(hosts: frozenset[str]) -> ssl.SSLContext:
    """The context of a listener that answers for these hosts."""
    context = StandardContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = _authority().issue_cert(*sorted(hosts))
    with certificate.private_key_and_cert_chain_pem.tempfile() as path:
        context.load_cert_chain(path)
    context.set_alpn_protocols(["http/1.1"])
    return context


@cache
def _authority() -> "trustme.CA":
    try:
        import trustme
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "ovs.intercept() needs trustme to create certificates: pip install 'ovs-mock[intercept]'",
            name=missing.name,
        ) from None
    return trustme.CA(organization_name="ovs-mock")
