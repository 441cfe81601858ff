"""Adds cross-origin headers to every response."""

from collections.abc import Awaitable

from aiohttp import web
from aiohttp.typedefs import Handler

from ovs_mock.api.cors import cors_headers, is_preflight, preflight_headers


@web.middleware
def cors(request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
    """Answer preflights, and let the origin of a request read every other response."""
    if "Origin" in request.headers or request.method == "OPTIONS":
        return _with_cors(request, handler)
    return handler(request)


async def _with_cors(request: web.Request, handler: Handler) -> web.StreamResponse:
    if is_preflight(request.method, request.headers):
        return web.Response(status=200, headers=preflight_headers(request.headers))
    try:
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(cors_headers(request.headers))
        raise
    if not response.prepared:
        response.headers.update(cors_headers(request.headers))
    return response
