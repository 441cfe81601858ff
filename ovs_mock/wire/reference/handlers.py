"""The reference over HTTP, open to everybody: documents at ``…/openapi.json``, pages at ``…/docs``."""

import json
from collections.abc import Callable, Iterator

from aiohttp import web
from aiohttp.typedefs import Handler

from ovs_mock.wire.reference import operations_billing, operations_chat, operations_host, operations_v02
from ovs_mock.wire.reference.openapi import Json, document
from ovs_mock.wire.reference.operation import Reference
from ovs_mock.wire.reference.page import page
from ovs_mock.wire.v1.dialect import V1
from ovs_mock.wire.v1beta.dialect import V1BETA

REFERENCES: dict[str, Callable[[], Reference]] = {
    "": operations_host.reference,
    "/v1beta": lambda: operations_chat.reference(V1BETA),
    "/billing": operations_billing.reference,
    "/v1": lambda: operations_chat.reference(V1),
    "/v0.2": operations_v02.reference,
}

# A page needs nothing but its own style: whatever a text may hold, nothing is run and nothing is fetched.
PAGE_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def routes(public_url: str | None) -> list[web.RouteDef]:
    """Of all versions. ``public_url`` takes the place of the address by which a caller came."""
    return list(_routes(public_url))


def _routes(public_url: str | None) -> Iterator[web.RouteDef]:
    for prefix, reference in REFERENCES.items():
        yield web.get(prefix + "/openapi.json", _documents(reference, public_url))
        yield web.get(prefix + "/docs", _pages(prefix, reference, public_url))


def _documents(reference: Callable[[], Reference], public_url: str | None) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        body = json.dumps(document(reference(), _origin(request, public_url)))
        return web.Response(text=body, content_type="application/json")

    return serve


def _pages(prefix: str, reference: Callable[[], Reference], public_url: str | None) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        shown: Json = document(reference(), _origin(request, public_url))
        return web.Response(text=page(shown, prefix, tuple(REFERENCES)), content_type="text/html", headers=PAGE_HEADERS)

    return serve


def _origin(request: web.Request, public_url: str | None) -> str:
    return (public_url or f"{request.scheme}://{request.host}").rstrip("/")
