"""An authority of this process alone, and certificates for the hosts that lead to the mock.

Its keys never leave memory but for the moment in which OpenSSL reads them from a private file.
"""

import ssl
from functools import cache
from typing import TYPE_CHECKING

from ovs_mock.util.tracebacks import of_mistakes

if TYPE_CHECKING:
    import trustme

    StandardContext = ssl.SSLContext
else:
    # truststore puts a class of its own in the place of the standard one, which is below it still.
    StandardContext = [cls for cls in ssl.SSLContext.__mro__ if "wrap_bio" in vars(cls)][-1]


__tracebackhide__ = of_mistakes


def authority() -> bytes:
    """The authority's certificate, as PEM."""
    return _authority().cert_pem.bytes()


@cache
def server_context(hosts: frozenset[str]) -> ssl.SSLContext:
    """For a listener that is these hosts."""
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
            "ovs.intercept() needs certificates, which trustme makes: pip install 'ovs-mock[intercept]'",
            name=missing.name,
        ) from None
    return trustme.CA(organization_name="ovs-mock")
