"""The form of errors, version by version: a second opinion beside the OpenAPI documents."""

from ovs_contracts.client import errors, v02_errors
from ovs_contracts.documents.versions import chat_versions, versions
from ovs_contracts.transport.exchange import Deviation, Exchange, hold

# Status, type and code of every error that a completion of v1beta may have.
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


# Statuses whose errors need a type in chats; those of keys and of a draining server have a text only.
NEED_TYPE = {400, 402, 404, 410, 429, 500, 502, 504}


def problem_with(document: str, exchange: Exchange) -> str | None:
    """What an error should look like, when it does not; ``None`` when it does."""
    try:
        _hold_form(document, exchange)
    except Deviation as deviation:
        return str(deviation.expected)
    return None


def _hold_form(document: str, exchange: Exchange) -> None:
    html = exchange.headers.get("content-type", "").partition(";")[0] == "text/html"
    if html or exchange.call.method == "HEAD" or exchange.json is None:
        return
    known, body = versions().get(document), exchange.json
    if known and known.error_form == "flat":
        v02_errors.complete(exchange, exchange.status)
    elif exchange.status == 422 and "details" in body:
        hold("a validation error has its form", expected=True, seen=errors.is_validation_error(body), exchange=exchange)
    elif exchange.status == 409 and errors.is_region_error(body):
        return
    elif _is_typed(exchange, body):
        error = errors.typed_body(exchange, exchange.status)
        known_error = (exchange.status, error["type"], error["code"]) in TYPED
        known_code = known_error or str(error["code"]).startswith("upstream_http_")
        hold("the error is documented", expected=True, seen=known_code, exchange=exchange)
    else:
        errors.plain(exchange, exchange.status)


def _is_typed(exchange: Exchange, body: object) -> bool:
    """Whether an error is of a chat with typed errors, and needs a type or has one; chats at the root are v1beta's."""
    prefixes = ["", *(version.prefix for version in chat_versions() if version.error_form == "typed")]
    if exchange.call.path not in [f"{prefix}/chat/completions" for prefix in prefixes]:
        return False
    needs_type = exchange.call.method == "POST" and exchange.status in NEED_TYPE
    return needs_type or not (isinstance(body, dict) and isinstance(body.get("detail"), str))
