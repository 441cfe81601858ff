"""The reference over HTTP, open to everybody: documents at ``…/openapi.json``, pages at ``…/docs``."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.typedefs import Handler

from ovs_mock.wire.v1.dialect import V1
from ovs_mock.wire.v1beta.dialect import V1BETA

if TYPE_CHECKING:
    from ovs_mock.wire.reference.openapi import Json
    from ovs_mock.wire.reference.operation import Reference

PREFIXES = ("", "/v1beta", "/billing", "/v1", "/v0.2")

# A page needs nothing but its own style: whatever a text may hold, nothing is run and nothing is fetched.
PAGE_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def routes(public_url: str | None) -> list[web.RouteDef]:
    """Of all versions. ``public_url`` takes the place of the address by which a caller came."""
    return list(_routes(public_url))


def _routes(public_url: str | None) -> Iterator[web.RouteDef]:
    for prefix in PREFIXES:
        yield web.get(prefix + "/openapi.json", _documents(prefix, public_url))
        yield web.get(prefix + "/docs", _pages(prefix, public_url))


def _documents(prefix: str, public_url: str | None) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        body = json.dumps(_document(prefix, request, public_url))
        return web.Response(text=body, content_type="application/json")

    return serve


def _pages(prefix: str, public_url: str | None) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        from ovs_mock.wire.reference.page import page

        text = page(_document(prefix, request, public_url), prefix, PREFIXES)
        return web.Response(text=text, content_type="text/html", headers=PAGE_HEADERS)

    return serve


def reference(prefix: str) -> "Reference":
    """What is served under a prefix. Imported when it is read, which most runs never do."""
    from ovs_mock.wire.reference import operations_billing, operations_chat, operations_host, operations_v02

    match prefix:
        case "":
            return operations_host.reference()
        case "/v0.2":
            return operations_v02.reference()
        case "/billing":
            return operations_billing.reference()
        case _:
            return operations_chat.reference(V1 if prefix == V1.prefix else V1BETA)


def _document(prefix: str, request: web.Request, public_url: str | None) -> "Json":
    from ovs_mock.wire.reference.openapi import document

    return document(reference(prefix), _origin(request, public_url))


def _origin(request: web.Request, public_url: str | None) -> str:
    return (public_url or f"{request.scheme}://{request.host}").rstrip("/")
