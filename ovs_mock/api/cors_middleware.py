"""What every response goes through."""

from aiohttp import web
from aiohttp.typedefs import Handler

from ovs_mock.api.cors import cors_headers, is_preflight, preflight_headers


@web.middleware
async def cors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer preflights, and let the caller's origin read every other answer."""
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
