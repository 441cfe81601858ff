"""Which hosts belong to the real API, and how host names and ports are compared."""

DOMAIN = "overshoot.ai"
PRODUCTION_HOSTS = ("api.overshoot.ai", "livekit.overshoot.ai")
PLACEHOLDER = "127.111.118.115"
"""The loopback address that intercepted hosts resolve to; nothing listens on it. Connections to it go to the mock.

The mock's own address would not do: clients connect to the port of their URL, not to one that a lookup returns.
"""
PLACEHOLDERS = frozenset({PLACEHOLDER, f"::ffff:{PLACEHOLDER}"})

_TLS_PORTS = frozenset({443, "443", b"443", "https", b"https"})
_UNSPECIFIED = frozenset({None, 0, "0", b"0", "", b""})


def normalize_host(host: object) -> str | None:
    """A host name in lower case and without a final dot; ``None`` for what is not a name."""
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    return host.lower().removesuffix(".") if isinstance(host, str) else None


def is_production(name: str) -> bool:
    """Whether a normalized name belongs to the real API."""
    return name == DOMAIN or name.endswith(f".{DOMAIN}")


def is_tls_port(port: object) -> bool:
    """Whether a port, which may be a service name, is the one that the API answers on."""
    return port in _TLS_PORTS


def is_unspecified(port: object) -> bool:
    """Whether a lookup names no port."""
    return port in _UNSPECIFIED
