"""Headers with the number of requests that are left in this second."""

from ovs_mock.engine.errors import CommandRejectedError
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.limits import Allowance, RateLimitedError


def allowance_headers(allowance: Allowance | None) -> dict[str, str]:
    """``x-ratelimit-reset`` is in whole seconds since the epoch; none where requests are not counted."""
    if allowance is None:
        return {}
    return {
        "x-ratelimit-limit": str(allowance.limit),
        "x-ratelimit-remaining": str(allowance.remaining),
        "x-ratelimit-reset": str(allowance.resets_at // SECOND),
    }


def limit_headers(error: CommandRejectedError) -> dict[str, str]:
    """Headers of the error for too many requests; none for any other error."""
    if not isinstance(error, RateLimitedError):
        return {}
    return {**allowance_headers(error.allowance), "retry-after": "1"}
