"""v1's errors: ``{"detail": "<text>"}``, and FastAPI's details for what fails validation."""

from ovs_mock.api.chat.errors import http_error, invalid, unknown_model, unreadable
from ovs_mock.api.errors import INTERNAL, STATUSES, ErrorResponse, OvsUrlError
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import ChatFailed
from ovs_mock.engine.inference import FailureKind

__all__ = ["bad_request", "failed", "http_error", "internal", "invalid", "rejected"]

FAILURES: dict[FailureKind, int] = {
    FailureKind.MODEL: 500,
    FailureKind.SAFETY: 400,
    FailureKind.UPSTREAM: 502,
    FailureKind.TIMEOUT: 504,
}


def rejected(error: CommandRejectedError, *, chat: bool = False) -> ErrorResponse:
    if error.code is ErrorCode.UNKNOWN_MODEL:
        return unknown_model(error)
    # Nobody learns whether a stream of another user exists.
    foreign = error.code is ErrorCode.STREAM_OF_ANOTHER_USER
    return http_error(STATUSES[error.code], "Stream not found." if foreign else error.message)


def bad_request(error: Exception) -> ErrorResponse | None:
    if isinstance(error, OvsUrlError):
        return invalid([{"loc": ["body", *error.loc], "msg": error.message, "type": "value_error"}])
    return unreadable(error)


def failed(failure: ChatFailed, provider: str) -> ErrorResponse:
    return http_error(FAILURES[failure.answer.failure], failure.answer.error or "The model failed.")


def internal(*, chat: bool = False) -> ErrorResponse:
    return http_error(500, INTERNAL)
