"""The headers that say how many calls are left of this second."""

from ovs_mock.engine.errors import CommandRejectedError
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.limits import Allowance, RateLimitedError


def allowance_headers(allowance: Allowance | None) -> dict[str, str]:
    """``x-ratelimit-reset`` is in whole seconds since the epoch; nothing where calls are not counted."""
    if allowance is None:
        return {}
    return {
        "x-ratelimit-limit": str(allowance.limit),
        "x-ratelimit-remaining": str(allowance.remaining),
        "x-ratelimit-reset": str(allowance.resets_at // SECOND),
    }


def limit_headers(refusal: CommandRejectedError) -> dict[str, str]:
    """What a refusal for too many calls says beside its body; nothing for any other."""
    if not isinstance(refusal, RateLimitedError):
        return {}
    return {**allowance_headers(refusal.allowance), "retry-after": "1"}
