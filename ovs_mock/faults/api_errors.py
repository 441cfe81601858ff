"""The API's own error responses, by version, kind of call and status."""

from http import HTTPStatus
from typing import Any

from aiohttp import web

from ovs_mock.api.call import ApiCall, respond_error
from ovs_mock.api.chat.errors import event
from ovs_mock.api.errors import ErrorResponse, ErrorTable
from ovs_mock.api.operation import OperationKind
from ovs_mock.api.versions import root
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import ChatFailed
from ovs_mock.engine.inference import Answer, FailureKind
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.limits import Allowance, RateLimitedError

# The most common error that the API reports with a status.
MEANINGS: dict[int, tuple[ErrorCode, str]] = {
    401: (ErrorCode.UNAUTHORIZED, "The API key is not valid."),
    402: (ErrorCode.INSUFFICIENT_CREDITS, "The account has no credits left."),
    403: (ErrorCode.KEY_WITHOUT_USER, "The API key belongs to no user."),
    404: (ErrorCode.STREAM_NOT_FOUND, "Stream not found."),
    410: (ErrorCode.FRAME_EVICTED, "The frame is not retained any more."),
    429: (ErrorCode.TOO_MANY_STREAMS, "The API key already holds too many streams."),
    503: (ErrorCode.DRAINING, "The server is draining or starting up: try again."),
}
UPSTREAM = {502: FailureKind.UPSTREAM, 504: FailureKind.TIMEOUT}
INVALID = 422


def api_error(call: ApiCall, status: int, message: str | None, now: int) -> web.Response:
    """The error response of the call's version for ``status``; its general form when it never sends that status."""
    if call.kind is OperationKind.ROOM:
        return web.Response(status=status, text=message or phrase(status))
    return respond_error(_error(call, status, message, now))


def chat_error(call: ApiCall, message: str | None, now: int) -> dict[str, Any]:
    """The data of the error event of a streamed chat."""
    answer = Answer(error=message or "The model failed.", failure=FailureKind.MODEL)
    return event(_table(call).failed(ChatFailed(now, "", "", answer), "overshoot"))


def phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def _error(call: ApiCall, status: int, message: str | None, now: int) -> ErrorResponse:
    table, chat = _table(call), call.kind is OperationKind.CHAT
    if status in MEANINGS:
        error = _rate_limited(message, now) if chat and status == 429 else _refusal(status, message)
        response = table.rejected(error, chat=chat)
        if response.status == status:
            return response
    if status in UPSTREAM and chat:
        answer = Answer(error=message or phrase(status), failure=UPSTREAM[status], upstream_status=503)
        return table.failed(ChatFailed(now, "", "", answer), "overshoot")
    if status == HTTPStatus.INTERNAL_SERVER_ERROR and message is None:
        return table.internal(chat=chat)
    return table.invalid([]) if status == INVALID else table.http_error(status, message or phrase(status))


def _table(call: ApiCall) -> ErrorTable:
    return (call.version or root()).errors


def _refusal(status: int, message: str | None) -> CommandRejectedError:
    why, usual = MEANINGS[status]
    return CommandRejectedError(why, message or usual)


def _rate_limited(message: str | None, now: int) -> CommandRejectedError:
    error = RateLimitedError(Allowance(10, 0, (now // SECOND + 1) * SECOND))
    error.message = message or error.message
    return error
