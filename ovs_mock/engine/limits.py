"""The rate limit: calls of a user within each second of the clock."""

from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.instants import SECOND
from ovs_mock.util.records import record


@record(frozen=True, slots=True)
class Allowance:
    """What is left of the second; ``resets_at`` is the instant at which the next one begins."""

    limit: int
    remaining: int
    resets_at: int


class RateLimitedError(CommandRejectedError):
    """The user has no calls left in this second."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(ErrorCode.RATE_LIMITED, f"Rate limit exceeded: {allowance.limit} requests a second.")
        self.allowance = allowance


class RateLimit:
    """Counts calls by user and second. ``limit`` may be changed at any time."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._used: dict[str, tuple[int, int]] = {}

    def consume(self, user_id: str, now: int) -> Allowance:
        """Use one call of this second. Raises RateLimitedError when none is left."""
        second = now // SECOND
        began, used = self._used.get(user_id, (second, 0))
        if began != second:
            used = 0
        allowance = Allowance(self.limit, max(0, self.limit - used - 1), (second + 1) * SECOND)
        if used >= self.limit:
            raise RateLimitedError(allowance)
        self._used[user_id] = (second, used + 1)
        return allowance
