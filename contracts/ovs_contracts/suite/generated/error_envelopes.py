"""The form of errors, version by version: a second opinion beside the OpenAPI documents."""

import json
from typing import Any

from ovs_contracts.documents.versions import chat_versions, versions
from ovs_contracts.transport.exchange import Exchange

# Status, type and code of what a chat of v1beta may be refused for, or fail with.
TYPED: set[tuple[int, str, str]] = {
    (400, "stream_error", "stream_url_invalid"),
    (400, "stream_error", "query_param_invalid"),
    (400, "stream_error", "segment_invalid"),
    (400, "validation_error", "model_video_unsupported"),
    (400, "provider_error", "provider_safety_block"),
    (402, "billing_error", "billing_denied"),
    (403, "stream_error", "stream_unauthorized"),
    (404, "stream_error", "stream_not_found"),
    (404, "stream_error", "segment_empty"),
    # Not in the documents: a moment in a gap of the video.
    (404, "stream_error", "frame_not_found"),
    (409, "stream_error", "frame_not_yet_produced"),
    (410, "stream_error", "frame_evicted"),
    (429, "rate_limit_error", "rate_limit_error"),
    (500, "internal_error", "internal_error"),
    (502, "upstream_error", "upstream_request_failed"),
    (503, "provider_error", "model_unavailable"),
    (504, "upstream_error", "upstream_timeout"),
}


def problem_with(version: str, exchange: Exchange) -> str | None:
    """What an error should look like, when it does not; ``None`` when it does."""
    if exchange.headers.get("content-type", "").partition(";")[0] == "text/html":
        # The pages on which to pay are for people.
        return None
    try:
        body = json.loads(exchange.body) if exchange.call.method != "HEAD" else None
    except ValueError:
        return "JSON"
    if body is None:
        return None
    known = versions().get(version)
    if known and known.error_form == "flat":
        return None if _is_v02(body) else '{"error", "message", "request_id", "details"}'
    if exchange.status == 422 and "details" in body:
        return None if _is_invalid(body) else '{"error": "validation_error", "message", "details": [{loc, msg, type}]}'
    if _is_plain(body) or _is_region(body, exchange.status):
        return None if not _needs_type(exchange) else '{"detail": {"error": {message, type, code}}}'
    return None if _is_typed(body, exchange) else '{"detail": "…"}'


def _is_typed_chat(path: str) -> bool:
    """Whether a path is of chats with typed errors; those at the host's root are v1beta's."""
    prefixes = ["", *(version.prefix for version in chat_versions() if version.error_form == "typed")]
    return path in [f"{prefix}/chat/completions" for prefix in prefixes]


def _is_v02(body: Any) -> bool:
    match body:
        case {"error": str(), "message": str(), "request_id": str() | None, "details": details, **rest} if not rest:
            return details is None or _are_problems(details)
        case _:
            return False


def _is_invalid(body: Any) -> bool:
    match body:
        case {
            "error": "validation_error",
            "message": "Request validation failed",
            "details": [_, *_] as details,
            **rest,
        } if not rest:
            return _are_problems(details)
        case _:
            return False


def _are_problems(details: Any) -> bool:
    return isinstance(details, list) and all(
        isinstance(problem, dict)
        and set(problem) == {"loc", "msg", "type"}
        and isinstance(problem["loc"], list)
        and all(isinstance(step, str | int) for step in problem["loc"])
        and isinstance(problem["msg"], str)
        and isinstance(problem["type"], str)
        for problem in details
    )


def _is_plain(body: Any) -> bool:
    return isinstance(body, dict) and set(body) == {"detail"} and isinstance(body["detail"], str)


def _is_region(body: Any, status: int) -> bool:
    match body:
        case {"detail": {"error": "region_error", "expected_region": str(), "requested_region": str()}}:
            return status == 409
        case _:
            return False


def _needs_type(exchange: Exchange) -> bool:
    """Whether a plain error is not enough: in chats of v1beta, but for keys and a server that drains."""
    typed = {400, 402, 404, 410, 429, 500, 502, 504}
    return exchange.call.method == "POST" and _is_typed_chat(exchange.call.path) and exchange.status in typed


def _is_typed(body: Any, exchange: Exchange) -> bool:
    match body:
        case {"detail": {"error": {"message": str(), "type": str(kind), "code": str(code), **more}}}:
            known = (exchange.status, kind, code) in TYPED or code.startswith("upstream_http_")
            return _is_typed_chat(exchange.call.path) and known and set(more) <= {"upstream"}
        case _:
            return False
