"""The API's own error responses, by version, path and status."""

from http import HTTPStatus
from typing import Any

from aiohttp import web

from ovs_mock.api.chat.app import ROOT_PATHS
from ovs_mock.api.chat.context import respond_problem
from ovs_mock.api.chat.errors import INTERNAL, ErrorResponse, detail, event, invalid
from ovs_mock.api.chat.version import ApiVersion
from ovs_mock.api.responses import respond
from ovs_mock.api.v02 import errors as v02
from ovs_mock.api.v02.handlers import PREFIX as V02_PREFIX
from ovs_mock.api.v1.version import V1
from ovs_mock.api.v1beta.version import V1BETA
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


def version_of(path: str) -> str | None:
    """The version that a path belongs to, by its prefix: ``v1``."""
    version = _api_version(path)
    if version is not None:
        return version.prefix.strip("/")
    return V02_PREFIX.strip("/") if path.startswith(V02_PREFIX + "/") else None


def api_error(path: str, status: int, message: str | None, now: int) -> web.Response:
    """The error response of the path's version for ``status``; its general form when it never sends that status."""
    if path.startswith(V02_PREFIX + "/"):
        return _v02(status, message)
    if path.startswith("/rtc"):
        return web.Response(status=status, text=message or phrase(status))
    return respond_problem(
        _chat(_api_version(path) or V1BETA, status, message, now, chat=path.endswith("/completions"))
    )


def chat_error(path: str, message: str | None, now: int) -> dict[str, Any]:
    """The data of the error event of a streamed chat."""
    answer = Answer(error=message or "The model failed.", failure=FailureKind.MODEL)
    failure = ChatFailed(now, "", "", answer)
    return event((_api_version(path) or V1BETA).errors.failed(failure, "overshoot"))


def phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def _api_version(path: str) -> ApiVersion | None:
    for version in (V1, V1BETA):
        if path.startswith(version.prefix + "/") or (version.at_root and path in ROOT_PATHS):
            return version
    return None


def _v02(status: int, message: str | None) -> web.Response:
    if status in MEANINGS:
        refusal = _refusal(status, message)
        if v02.REFUSALS[refusal.code][0] == status:
            return respond(*v02.refused(refusal))
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return respond(*v02.internal(message or INTERNAL))
    if status == INVALID:
        return respond(*v02.invalid([]))
    return respond(*v02.plain(status, message or phrase(status)))


def _chat(version: ApiVersion, status: int, message: str | None, now: int, *, chat: bool) -> ErrorResponse:
    table = version.errors
    if status in MEANINGS:
        refusal = _rate_limited(message, now) if chat and status == 429 else _refusal(status, message)
        problem = table.refused(refusal, chat=chat)
        if problem.status == status:
            return problem
    if status in UPSTREAM and chat:
        answer = Answer(error=message or phrase(status), failure=UPSTREAM[status], upstream_status=503)
        return table.failed(ChatFailed(now, "", "", answer), "overshoot")
    if status == HTTPStatus.INTERNAL_SERVER_ERROR and message is None:
        return table.internal(chat=chat)
    return invalid([]) if status == INVALID else detail(status, message or phrase(status))


def _refusal(status: int, message: str | None) -> CommandRejectedError:
    why, usual = MEANINGS[status]
    return CommandRejectedError(why, message or usual)


def _rate_limited(message: str | None, now: int) -> CommandRejectedError:
    error = RateLimitedError(Allowance(10, 0, (now // SECOND + 1) * SECOND))
    error.message = message or error.message
    return error
