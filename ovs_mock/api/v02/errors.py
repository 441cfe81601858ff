"""v0.2's error body, and the status of every refusal."""

from typing import Any

from ovs_mock.api.bodies import Details
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode

# Status and ``error`` of each refusal. SDKs map by status; ``error`` is theirs to show.
REFUSALS: dict[ErrorCode, tuple[int, str]] = {
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
    # What only chats can run into.
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

STATUS_ERRORS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "payload_too_large"}


def body(error: str, message: str, request_id: str | None = None, details: Details | None = None) -> dict[str, Any]:
    """Every error of v0.2 has this form."""
    return {"error": error, "message": message, "request_id": request_id, "details": details}


def refused(refusal: CommandRejectedError) -> tuple[int, dict[str, Any]]:
    status, error = REFUSALS[refusal.code]
    return status, body(error, refusal.message, refusal.request_id)


def invalid(details: Details, request_id: str | None = None) -> tuple[int, dict[str, Any]]:
    """A body that fails validation: ``error`` is exactly this, ``details`` are FastAPI's."""
    return 422, body("validation_error", "Request validation failed", request_id, details)


def plain(status: int, message: str) -> tuple[int, dict[str, Any]]:
    """An error of HTTP itself: unknown path, wrong method, a body too large or not JSON."""
    return status, body(STATUS_ERRORS.get(status, "http_error"), message)


def internal(message: str) -> tuple[int, dict[str, Any]]:
    return 500, body("internal_error", message)
