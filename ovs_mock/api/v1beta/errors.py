"""v1beta's errors: a typed envelope for chats, v1's plain form for streams.

``{"detail": {"error": {"message", "type", "code", "upstream"?}}}``; 401 and 503 for a server that drains keep the plain
form, and what fails validation keeps v1's.
"""

from collections.abc import Mapping
from typing import Any

from ovs_mock.api.chat.errors import INTERNAL, Problem, detail, unknown_model
from ovs_mock.api.chat.ovs_url import OvsUrlError, StreamUrlError
from ovs_mock.api.chat.rate_limit_headers import limit_headers
from ovs_mock.engine.errors import RefusedError, RegionError, Why
from ovs_mock.engine.events import ChatFailed
from ovs_mock.engine.inference import FailureKind

# Status, type and code of each refusal; without a type it is plain.
REFUSALS: dict[Why, tuple[int, str | None, str]] = {
    Why.UNAUTHORIZED: (401, None, ""),
    Why.KEY_WITHOUT_USER: (403, None, ""),
    Why.INSUFFICIENT_CREDITS: (402, "billing_error", "billing_denied"),
    Why.STREAM_NOT_FOUND: (404, "stream_error", "stream_not_found"),
    Why.STREAM_OF_ANOTHER_USER: (403, "stream_error", "stream_unauthorized"),
    Why.CLIP_NOT_FOUND: (404, None, ""),
    Why.NOT_NATIVE: (400, None, ""),
    Why.WRONG_REGION: (409, None, ""),
    Why.UNKNOWN_MODEL: (422, None, ""),
    Why.NO_VIDEO_MODEL: (400, "validation_error", "model_video_unsupported"),
    Why.FRAME_EVICTED: (410, "stream_error", "frame_evicted"),
    Why.FRAME_NOT_YET_PRODUCED: (409, "stream_error", "frame_not_yet_produced"),
    # Not in the documents: a moment in a gap, with no frame near enough.
    Why.FRAME_NOT_FOUND: (404, "stream_error", "frame_not_found"),
    Why.SEGMENT_EMPTY: (404, "stream_error", "segment_empty"),
    Why.SEGMENT_INVALID: (400, "stream_error", "segment_invalid"),
    Why.RATE_LIMITED: (429, "rate_limit_error", "rate_limit_error"),
    Why.TOO_MANY_STREAMS: (429, None, ""),
    Why.DRAINING: (503, None, ""),
    Why.MODEL_NOT_ACCEPTING: (503, "provider_error", "model_unavailable"),
}


def refused(refusal: RefusedError, *, chat: bool) -> Problem:
    status, kind, code = REFUSALS[refusal.why]
    if isinstance(refusal, RegionError):
        return _wrong_region(refusal)
    if refusal.why is Why.UNKNOWN_MODEL:
        return unknown_model(refusal)
    if kind is None or not chat:
        return detail(status, refusal.message)
    return envelope(status, kind, code, refusal.message, headers=limit_headers(refusal))


def bad_url(error: OvsUrlError) -> Problem:
    code = "stream_url_invalid" if isinstance(error, StreamUrlError) else "query_param_invalid"
    return envelope(400, "stream_error", code, error.message)


def failed(failure: ChatFailed, provider: str) -> Problem:
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


def internal(*, chat: bool) -> Problem:
    return envelope(500, "internal_error", "internal_error", INTERNAL) if chat else detail(500, INTERNAL)


def envelope(
    status: int,
    kind: str,
    code: str,
    message: str,
    upstream: Mapping[str, Any] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
) -> Problem:
    error: dict[str, Any] = {"message": message, "type": kind, "code": code}
    if upstream is not None:
        error["upstream"] = dict(upstream)
    return Problem(status, {"detail": {"error": error}}, headers or {})


def _wrong_region(refusal: RegionError) -> Problem:
    error = {
        "error": "region_error",
        "expected_region": refusal.expected,
        "requested_region": refusal.requested,
    }
    return Problem(409, {"detail": error})
