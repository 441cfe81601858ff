"""Which hosts are the real API's, and how names and ports are written."""

DOMAIN = "overshoot.ai"
INTERCEPTED = ("api.overshoot.ai", "livekit.overshoot.ai")
STAND_IN = "127.111.118.115"
"""The address that intercepted hosts have: loopback, and nobody's. Connections to it are led to the mock.

The mock's own address would not do: clients go to the port that they had in mind, not to one that they are told.
"""
STAND_INS = frozenset({STAND_IN, f"::ffff:{STAND_IN}"})

_TLS_PORTS = frozenset({443, "443", b"443", "https", b"https"})
_NO_PORTS = frozenset({None, 0, "0", b"0", "", b""})


def normal(host: object) -> str | None:
    """A host name as it is compared; ``None`` for what is no name."""
    if isinstance(host, str):
        name = host
    elif isinstance(host, bytes | bytearray):
        name = host.decode("ascii", "replace")
    else:
        return None
    return name.lower().removesuffix(".")


def is_real(name: str) -> bool:
    """Whether a normal name belongs to the real API."""
    return name.endswith(DOMAIN) and (len(name) == len(DOMAIN) or name[-len(DOMAIN) - 1] == ".")


def is_tls(port: object) -> bool:
    """Whether the API answers on a port, which may be a service's name."""
    return port in _TLS_PORTS


def is_open(port: object) -> bool:
    """Whether somebody asks for an address without saying for which port."""
    return port in _NO_PORTS
