"""Reports everything that goes wrong in the form of the version that was called."""

from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.api.call import CALL, ApiCall, respond_error
from ovs_mock.api.errors import ErrorResponse, ErrorTable, InvalidBodyError
from ovs_mock.api.operation import OperationKind
from ovs_mock.api.version import ApiVersion
from ovs_mock.engine.errors import CommandRejectedError, RegionError

CALLER_GONE = 499


def error_middleware(root: Callable[[], ApiVersion]) -> Middleware:
    """``root`` is the version that reports the errors of paths without a version."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        call = request[CALL]
        if call.kind in (OperationKind.CONTROL, OperationKind.ROOM):
            return await handler(request) if call.override is None else call.override
        try:
            response = await handler(request) if call.override is None else call.override
        except ConnectionError:
            # The caller has left; the status is for the log.
            response = web.Response(status=CALLER_GONE)
        except Exception as error:  # noqa: BLE001 - a bug of the mock has a response, too
            response = _response(error, call, (call.version or root()).errors)
        version = call.version
        if version is not None and not response.prepared and (headers := version.response_headers(call.region)):
            response.headers.update(headers)
        return response

    return middleware


def _response(error: Exception, call: ApiCall, table: ErrorTable) -> web.Response:
    if isinstance(error, web.HTTPException):
        allowed = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        return respond_error(table.http_error(error.status, error.reason), allowed)
    if isinstance(error, RegionError):
        call.region = error.expected
    return respond_error(_error(error, call, table))


def _error(error: Exception, call: ApiCall, table: ErrorTable) -> ErrorResponse:
    chat = call.kind is OperationKind.CHAT
    match error:
        case CommandRejectedError():
            return table.rejected(error, chat=chat)
        case InvalidBodyError():
            return table.invalid(error.details, call.request_id)
    if response := table.bad_request(error):
        return response
    call.runtime.record_failure(error)
    return table.internal(chat=chat)
