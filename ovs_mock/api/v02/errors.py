"""v0.2's error body, and the status of every refusal."""

from typing import Any

from ovs_mock.api.bodies import Details
from ovs_mock.engine.errors import RefusedError, Why

# Status and ``error`` of each refusal. SDKs map by status; ``error`` is theirs to show.
REFUSALS: dict[Why, tuple[int, str]] = {
    Why.UNAUTHORIZED: (401, "unauthorized"),
    Why.INSUFFICIENT_CREDITS: (402, "insufficient_credits"),
    Why.STREAM_NOT_FOUND: (404, "not_found"),
    Why.CLIP_NOT_FOUND: (404, "not_found"),
    Why.NOT_NATIVE: (400, "bad_request"),
    Why.TOO_MANY_STREAMS: (429, "too_many_streams"),
    Why.UNKNOWN_MODEL: (422, "validation_error"),
    Why.MODEL_NOT_ACCEPTING: (503, "model_unavailable"),
    Why.KEY_WITHOUT_USER: (401, "unauthorized"),
    Why.DRAINING: (503, "service_unavailable"),
    # What only chats can run into.
    Why.STREAM_OF_ANOTHER_USER: (404, "not_found"),
    Why.RATE_LIMITED: (429, "rate_limited"),
    Why.FRAME_EVICTED: (404, "not_found"),
    Why.FRAME_NOT_YET_PRODUCED: (404, "not_found"),
    Why.FRAME_NOT_FOUND: (404, "not_found"),
    Why.SEGMENT_EMPTY: (404, "not_found"),
    Why.SEGMENT_INVALID: (422, "validation_error"),
    Why.NO_VIDEO_MODEL: (422, "validation_error"),
    Why.WRONG_REGION: (409, "region_error"),
}

STATUS_ERRORS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "payload_too_large"}


def body(error: str, message: str, request_id: str | None = None, details: Details | None = None) -> dict[str, Any]:
    """Every error of v0.2 has this form."""
    return {"error": error, "message": message, "request_id": request_id, "details": details}


def refused(refusal: RefusedError) -> tuple[int, dict[str, Any]]:
    status, error = REFUSALS[refusal.why]
    return status, body(error, refusal.message, refusal.request_id)


def invalid(details: Details, request_id: str | None = None) -> tuple[int, dict[str, Any]]:
    """A body that fails validation: ``error`` is exactly this, ``details`` are FastAPI's."""
    return 422, body("validation_error", "Request validation failed", request_id, details)


def plain(status: int, message: str) -> tuple[int, dict[str, Any]]:
    """An error of HTTP itself: unknown path, wrong method, a body too large or not JSON."""
    return status, body(STATUS_ERRORS.get(status, "http_error"), message)


def internal(message: str) -> tuple[int, dict[str, Any]]:
    return 500, body("internal_error", message)
