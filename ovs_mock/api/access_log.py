"""A log line for every request. Headers and bodies, which hold keys and tokens, are never in it."""

import logging
from collections.abc import Awaitable

from aiohttp import web
from aiohttp.typedefs import Handler

from ovs_mock.engine.instants import SECOND
from ovs_mock.runtime.clock import real_micros

log = logging.getLogger("ovs_mock.access")


@web.middleware
def log_access(request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
    """Log method, path, status and real duration, if the log level asks for it."""
    return _logged(request, handler) if log.isEnabledFor(logging.INFO) else handler(request)


async def _logged(request: web.Request, handler: Handler) -> web.StreamResponse:
    started, status = real_micros(), 500
    try:
        response = await handler(request)
        status = response.status
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        took = (real_micros() - started) / SECOND * 1_000
        line = {"method": request.method, "path": request.path, "status": status, "duration_ms": round(took, 1)}
        log.info("%(method)s %(path)s %(status)s in %(duration_ms)s ms", line, extra={"fields": line})
    return response
