"""What a run may not do: its check is left, and nothing is said about the target."""

from _pytest.outcomes import Skipped


class NotAllowedError(Skipped):
    """``reason`` is the same for many checks, ``detail`` is this one's.

    As pytest's own way to skip it passes through ``except Exception``, and through those who shrink failures.
    """

    def __init__(self, reason: str, detail: str | None = None) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class UnsupportedError(NotAllowedError):
    """The target, or this machine, lacks what the check needs."""


class BudgetError(NotAllowedError):
    """It could cost more than there is."""


class LimitError(NotAllowedError):
    """It would wait longer, or hold more streams, than this run was told to."""
