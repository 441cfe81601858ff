"""The mock's own address, as the client of a request reaches it."""

from collections.abc import Callable

from aiohttp import web
from yarl import URL

PLAIN_ORIGIN: web.AppKey[Callable[[], str]] = web.AppKey("plain_origin")
"""The origin of the mock without TLS."""


def websocket_origin(scheme: str, host: str, override: str | None = None) -> str:
    """The ``ws://`` or ``wss://`` origin for a caller that came by ``scheme`` to ``host`` (with its port).

    ``override`` is the public base URL of a mock behind a proxy or in a container.
    """
    if override is not None:
        url = URL(override)
        scheme, host = url.scheme, url.host_port_subcomponent or host
    return f"{'wss' if scheme in ('https', 'wss') else 'ws'}://{host}"
