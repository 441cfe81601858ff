"""v0.2's error body, and the status of every rejection."""

from typing import Any

from ovs_mock.api.errors import INTERNAL, STATUSES, Details, ErrorResponse, MalformedJsonError, MalformedStreamIdError
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import ChatFailed

# SDKs map errors by their status, and show ``error``, which the status implies but for this code.
NAMES = {ErrorCode.DRAINING: "service_unavailable"}
STATUS_ERRORS = {
    400: "bad_request",
    401: "unauthorized",
    402: "insufficient_credits",
    404: "not_found",
    405: "method_not_allowed",
    409: "region_error",
    413: "payload_too_large",
    422: "validation_error",
    429: "too_many_streams",
    500: "internal_error",
    503: "model_unavailable",
}


def rejected(error: CommandRejectedError, *, chat: bool = False) -> ErrorResponse:
    status = 401 if error.code is ErrorCode.KEY_WITHOUT_USER else STATUSES[error.code]
    return _response(status, NAMES.get(error.code, STATUS_ERRORS[status]), error.message, error.request_id)


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
