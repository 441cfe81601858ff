"""An answer to everything that goes wrong, in a version's own form."""

from collections.abc import Awaitable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.api.bodies import InvalidBodyError
from ovs_mock.api.chat import errors
from ovs_mock.api.chat.context import REGION, respond_problem
from ovs_mock.api.chat.errors import ErrorResponse, ErrorTable
from ovs_mock.api.chat.ovs_url import OvsUrlError
from ovs_mock.engine.errors import CommandRejectedError, RegionError
from ovs_mock.runtime.runtime import Runtime

CALLER_GONE = 499


async def answered(request: web.Request, handler: Handler, runtime: Runtime, table: ErrorTable) -> web.StreamResponse:
    """What the handler answers, or why it does not. A bug of the mock is a 500 that the runtime remembers."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        response = respond_problem(errors.detail(error.status, error.reason))
        response.headers.update({"Allow": error.headers["Allow"]} if "Allow" in error.headers else {})
        return response
    except ConnectionError:
        # Nobody is left to answer to; the status is for the log.
        return web.Response(status=CALLER_GONE)
    except Exception as error:  # noqa: BLE001 - every error has an answer, bugs of the mock's included
        if isinstance(error, RegionError):
            request[REGION] = error.expected
        return respond_problem(_problem(error, runtime, table, chat=request.path.endswith("/chat/completions")))


def root_errors(runtime: Runtime, table: ErrorTable) -> Middleware:
    """Answer for every path that no version claims."""

    def middleware(request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
        return answered(request, handler, runtime, table)

    return middleware


def _problem(error: Exception, runtime: Runtime, table: ErrorTable, *, chat: bool) -> ErrorResponse:
    match error:
        case CommandRejectedError():
            return table.refused(error, chat=chat)
        case OvsUrlError():
            return table.bad_url(error)
        case InvalidBodyError():
            return errors.invalid(error.details)
        case web.RequestPayloadError():
            return errors.detail(400, "The body cannot be read.")
        case _:
            runtime.record_failure(error)
            return table.internal(chat=chat)
