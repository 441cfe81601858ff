"""v0.2's error body, and the status of every rejection."""

from typing import Any

from ovs_mock.api.errors import INTERNAL, Details, ErrorResponse, MalformedJsonError, MalformedStreamIdError
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import ChatFailed

# Status and ``error`` of each rejection. SDKs map by status, and show ``error``.
STATUSES: dict[ErrorCode, tuple[int, str]] = {
    ErrorCode.UNAUTHORIZED: (401, "unauthorized"),
    ErrorCode.INSUFFICIENT_CREDITS: (402, "insufficient_credits"),
    ErrorCode.STREAM_NOT_FOUND: (404, "not_found"),
    ErrorCode.CLIP_NOT_FOUND: (404, "not_found"),
    ErrorCode.NOT_NATIVE: (400, "bad_request"),
    ErrorCode.TOO_MANY_STREAMS: (429, "too_many_streams"),
    ErrorCode.UNKNOWN_MODEL: (422, "validation_error"),
    ErrorCode.MODEL_NOT_ACCEPTING: (503, "model_unavailable"),
    ErrorCode.KEY_WITHOUT_USER: (401, "unauthorized"),
    ErrorCode.DRAINING: (503, "service_unavailable"),
    # Only chats can be rejected for these.
    ErrorCode.STREAM_OF_ANOTHER_USER: (404, "not_found"),
    ErrorCode.RATE_LIMITED: (429, "rate_limited"),
    ErrorCode.FRAME_EVICTED: (404, "not_found"),
    ErrorCode.FRAME_NOT_YET_PRODUCED: (404, "not_found"),
    ErrorCode.FRAME_NOT_FOUND: (404, "not_found"),
    ErrorCode.SEGMENT_EMPTY: (404, "not_found"),
    ErrorCode.SEGMENT_INVALID: (422, "validation_error"),
    ErrorCode.NO_VIDEO_MODEL: (422, "validation_error"),
    ErrorCode.WRONG_REGION: (409, "region_error"),
}

STATUS_ERRORS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "payload_too_large",
    500: "internal_error",
}


def rejected(error: CommandRejectedError, *, chat: bool = False) -> ErrorResponse:
    status, name = STATUSES[error.code]
    return _response(status, name, error.message, error.request_id)


def invalid(details: Details, request_id: str | None = None) -> ErrorResponse:
    """A body that fails validation: ``error`` is exactly this, ``details`` are FastAPI's."""
    return _response(422, "validation_error", "Request validation failed", request_id, details)


def bad_request(error: Exception) -> ErrorResponse | None:
    match error:
        case MalformedJsonError():
            return http_error(400, f"The body is not JSON: {error}")
        case MalformedStreamIdError():
            return http_error(400, "The stream id is not a UUID.")
        case _:
            return None


def http_error(status: int, message: str) -> ErrorResponse:
    return _response(status, STATUS_ERRORS.get(status, "http_error"), message)


def internal(*, chat: bool = False) -> ErrorResponse:
    return http_error(500, INTERNAL)


def failed(failure: ChatFailed, provider: str) -> ErrorResponse:
    return http_error(500, failure.answer.error or "the model failed")


def _response(
    status: int, error: str, message: str, request_id: str | None = None, details: Details | None = None
) -> ErrorResponse:
    """Every error of v0.2 has this form."""
    body: dict[str, Any] = {"error": error, "message": message, "request_id": request_id, "details": details}
    return ErrorResponse(status, body)
