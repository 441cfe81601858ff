"""The reference over HTTP, open to everybody: documents at ``…/openapi.json``, pages at ``…/docs``."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from ovs_mock.api.reference import contracts

PREFIXES = ("", "/v1beta", "/billing", "/v1", "/v0.2")

# A page needs nothing but its own style: whatever a text may hold, nothing is run and nothing is fetched.
PAGE_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def routes(public_url: str | None) -> list[web.RouteDef]:
    """Of all versions. ``public_url`` takes the place of the address by which a caller came."""
    return list(_routes(public_url))


def _routes(public_url: str | None) -> Iterator[web.RouteDef]:
    for prefix in PREFIXES:
        yield web.get(prefix + "/openapi.json", _document(partial(contracts.openapi, prefix), public_url))
        yield web.get(prefix + "/docs", _page(prefix, public_url))
    yield web.get(contracts.RESULTS + "/asyncapi.json", _document(contracts.asyncapi, public_url))


def _document(written: Callable[[str], dict[str, Any]], public_url: str | None) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        body = json.dumps(written(_origin(request, public_url)))
        return web.Response(text=body, content_type="application/json")

    return serve


def _page(prefix: str, public_url: str | None) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        from ovs_mock.api.reference.page import page

        origin = _origin(request, public_url)
        sockets = contracts.asyncapi(origin) if prefix == contracts.RESULTS else None
        text = page(contracts.openapi(prefix, origin), prefix, PREFIXES, sockets)
        return web.Response(text=text, content_type="text/html", headers=PAGE_HEADERS)

    return serve


def _origin(request: web.Request, public_url: str | None) -> str:
    return (public_url or f"{request.scheme}://{request.host}").rstrip("/")
