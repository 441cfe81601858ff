"""The guard: code that is about to reach the real API gets an error that explains it."""

from collections import Counter

from ovs_mock.interception.errors import BlockedAttempt
from ovs_mock.interception.policy import ConnectionPolicy

_MAX_ATTEMPTS = 100


class Guard:
    """Context manager that blocks connections to the real API, in all threads of this process.

    A blocked client gets an ``OvsGuardError``. Guards can be nested; each records every attempt.
    """

    def __init__(self) -> None:
        self._counts: Counter[BlockedAttempt] = Counter()
        self._policies: list[ConnectionPolicy] = []

    @property
    def attempts(self) -> list[BlockedAttempt]:
        """Connections that were blocked, at most 100; a retry of the same one counts once."""
        return list(self._counts)

    def record(self, attempt: BlockedAttempt) -> None:
        """Record an attempt. May be called from any thread.

        Args:
            attempt: The connection that was blocked.
        """
        if len(self._counts) < _MAX_ATTEMPTS or attempt in self._counts:
            self._counts[attempt] += 1

    def report(self) -> str:
        """Describe all attempts for people.

        Returns:
            The attempts, each with its number of tries; empty when there were none.
        """
        tries = ((a, f"\n  tried {n} times" if n > 1 else "") for a, n in self._counts.items())
        return "\n".join(f"{attempt}{tried}" for attempt, tried in tries)

    def __enter__(self) -> "Guard":
        # Imported here: a guard must ask the policy of the newest modules, as interceptions do, where code has cleared
        # `sys.modules` (pytest's own tests of plugins do).
        from ovs_mock.interception.hooks import POLICY

        POLICY.add_guard(self)
        self._policies.append(POLICY)
        return self

    def __exit__(self, *_: object) -> None:
        self._policies.pop().remove_guard(self)
