"""Cross-origin headers.

Browser clients call with ``credentials: "include"``, so the concrete origin must be echoed, on errors too.
"""

from collections.abc import Mapping

METHODS = "GET, POST, PATCH, DELETE, OPTIONS"
REQUEST_HEADERS = "Authorization, Content-Type, X-Overshoot-Region"
EXPOSED_HEADERS = "X-Overshoot-Region, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after"


def cors_headers(request_headers: Mapping[str, str]) -> dict[str, str]:
    """What to add to any response; none for a request without an origin."""
    origin = request_headers.get("Origin")
    if origin is None:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": EXPOSED_HEADERS,
        "Vary": "Origin",
    }


def preflight_headers(request_headers: Mapping[str, str]) -> dict[str, str]:
    """The answer to an ``OPTIONS`` preflight, as Starlette gives it: the requested headers, if they are allowed."""
    return {
        **cors_headers(request_headers),
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": request_headers.get("Access-Control-Request-Headers", REQUEST_HEADERS),
        "Access-Control-Max-Age": "600",
    }


def is_preflight(method: str, request_headers: Mapping[str, str]) -> bool:
    return method == "OPTIONS" and "Access-Control-Request-Method" in request_headers
