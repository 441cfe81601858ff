"""The reference over HTTP, open to everybody."""

import json
from typing import Any

from aiohttp import web

from ovs_mock.api.call import ApiCall
from ovs_mock.api.reference import contracts
from ovs_mock.api.reference.operations import prefixes
from ovs_mock.api.reference.page import page
from ovs_mock.api.versions import VERSIONS
from ovs_mock.engine.service import Service

# A page needs nothing but its own style: whatever a text may hold, nothing is run and nothing is fetched.
PAGE_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


async def openapi(call: ApiCall) -> web.StreamResponse:
    return _document(contracts.openapi(_prefix(call), _origin(call)))


async def asyncapi(call: ApiCall) -> web.StreamResponse:
    return _document(contracts.asyncapi(_origin(call)))


async def docs(call: ApiCall) -> web.StreamResponse:
    origin = _origin(call)
    pushes = call.version is not None and call.version.service is Service.RESULTS
    sockets = contracts.asyncapi(origin) if pushes else None
    text = page(contracts.openapi(_prefix(call), origin), _prefix(call), prefixes(VERSIONS.values()), sockets)
    return web.Response(text=text, content_type="text/html", headers=PAGE_HEADERS)


def _document(document: dict[str, Any]) -> web.Response:
    return web.Response(text=json.dumps(document), content_type="application/json")


def _prefix(call: ApiCall) -> str:
    return call.request.path.rpartition("/")[0]


def _origin(call: ApiCall) -> str:
    return (call.public_url or f"{call.request.scheme}://{call.request.host}").rstrip("/")
