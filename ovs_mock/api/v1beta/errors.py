"""v1beta's errors: a typed envelope for chats, v1's plain form for streams.

``{"detail": {"error": {"message", "type", "code", "upstream"?}}}``; 401 and 503 for a server that drains keep the plain
form, and what fails validation keeps v1's.
"""

from collections.abc import Mapping
from typing import Any

from ovs_mock.api.chat.errors import http_error, invalid, unknown_model, unreadable
from ovs_mock.api.chat.rate_limit_headers import limit_headers
from ovs_mock.api.errors import INTERNAL, STATUSES, ErrorResponse, OvsUrlError, StreamUrlError
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode, RegionError
from ovs_mock.engine.events import ChatFailed
from ovs_mock.engine.inference import FailureKind

__all__ = ["bad_request", "failed", "http_error", "internal", "invalid", "rejected"]

# Status, type and code of the rejections that chats report in the envelope.
TYPED: dict[ErrorCode, tuple[int, str, str]] = {
    ErrorCode.INSUFFICIENT_CREDITS: (402, "billing_error", "billing_denied"),
    ErrorCode.STREAM_NOT_FOUND: (404, "stream_error", "stream_not_found"),
    ErrorCode.STREAM_OF_ANOTHER_USER: (403, "stream_error", "stream_unauthorized"),
    ErrorCode.NO_VIDEO_MODEL: (400, "validation_error", "model_video_unsupported"),
    ErrorCode.FRAME_EVICTED: (410, "stream_error", "frame_evicted"),
    ErrorCode.FRAME_NOT_YET_PRODUCED: (409, "stream_error", "frame_not_yet_produced"),
    # Not in the documents: a moment in a gap, with no frame near enough.
    ErrorCode.FRAME_NOT_FOUND: (404, "stream_error", "frame_not_found"),
    ErrorCode.SEGMENT_EMPTY: (404, "stream_error", "segment_empty"),
    ErrorCode.SEGMENT_INVALID: (400, "stream_error", "segment_invalid"),
    ErrorCode.RATE_LIMITED: (429, "rate_limit_error", "rate_limit_error"),
    ErrorCode.MODEL_NOT_ACCEPTING: (503, "provider_error", "model_unavailable"),
}


def rejected(error: CommandRejectedError, *, chat: bool = False) -> ErrorResponse:
    if isinstance(error, RegionError):
        return _wrong_region(error)
    if error.code is ErrorCode.UNKNOWN_MODEL:
        return unknown_model(error)
    if error.code not in TYPED:
        return http_error(STATUSES[error.code], error.message)
    status, kind, code = TYPED[error.code]
    if not chat:
        return http_error(status, error.message)
    return envelope(status, kind, code, error.message, headers=limit_headers(error))


def bad_request(error: Exception) -> ErrorResponse | None:
    if isinstance(error, OvsUrlError):
        code = "stream_url_invalid" if isinstance(error, StreamUrlError) else "query_param_invalid"
        return envelope(400, "stream_error", code, error.message)
    return unreadable(error)


def failed(failure: ChatFailed, provider: str) -> ErrorResponse:
    answer = failure.answer
    message = answer.error or "The model failed."
    match answer.failure:
        case FailureKind.SAFETY:
            return envelope(400, "provider_error", "provider_safety_block", message)
        case FailureKind.TIMEOUT:
            return envelope(504, "upstream_error", "upstream_timeout", message)
        case FailureKind.UPSTREAM:
            status = answer.upstream_status
            code = "upstream_request_failed" if status is None else f"upstream_http_{status}"
            upstream = {"provider": provider, "status": status, "body": answer.error, "rate_limits": None}
            return envelope(502, "upstream_error", code, message, upstream)
        case FailureKind.MODEL:
            return envelope(500, "internal_error", "internal_error", message)


def internal(*, chat: bool = False) -> ErrorResponse:
    return envelope(500, "internal_error", "internal_error", INTERNAL) if chat else http_error(500, INTERNAL)


def envelope(
    status: int,
    kind: str,
    code: str,
    message: str,
    upstream: Mapping[str, Any] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
) -> ErrorResponse:
    error: dict[str, Any] = {"message": message, "type": kind, "code": code}
    if upstream is not None:
        error["upstream"] = dict(upstream)
    return ErrorResponse(status, {"detail": {"error": error}}, headers or {})


def _wrong_region(error: RegionError) -> ErrorResponse:
    detail = {"error": "region_error", "expected_region": error.expected, "requested_region": error.requested}
    return ErrorResponse(409, {"detail": detail})
