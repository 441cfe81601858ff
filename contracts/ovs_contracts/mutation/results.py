"""What a self-test finds out."""

from dataclasses import dataclass
from enum import StrEnum


class SelfTestError(Exception):
    """Nothing can be said about the suite; the message says why."""


class NoSuchMutantError(SelfTestError):
    """There is no drift of that name. The message names similar ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MutantInfo:
    """One way in which the mock can be made to differ from the API."""

    name: str
    area: str
    description: str


class TrialOutcome(StrEnum):
    KILLED = "killed"
    """A check noticed it."""
    SURVIVED = "survived"
    """Every check passed, or could not be made."""
    UNTRIED = "untried"
    """The suite could not be run, or the mock failed: that says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became of one drift. ``by`` is the check that noticed it first, ``message`` what it said, or what failed."""

    drift: MutantInfo
    fate: TrialOutcome
    by: str | None = None
    message: str | None = None
    checks: int = 0
    """How many were made until then."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTestResult:
    """Every drift that was tried, in the order of the mock's list."""

    tried: tuple[Trial, ...]
    control_checks: int
    """Checks that passed on a mock without a drift."""
    seconds: float

    @property
    def killed(self) -> tuple[Trial, ...]:
        return self._of(TrialOutcome.KILLED)

    @property
    def survivors(self) -> tuple[Trial, ...]:
        return self._of(TrialOutcome.SURVIVED)

    @property
    def untried(self) -> tuple[Trial, ...]:
        return self._of(TrialOutcome.UNTRIED)

    @property
    def kill_rate(self) -> float:
        """The share of all drifts that was noticed, from 0 to 1."""
        return len(self.killed) / len(self.tried) if self.tried else 0.0

    @property
    def passed(self) -> bool:
        """Whether the suite noticed every drift. A self-test that tried none has shown nothing."""
        return bool(self.tried) and len(self.killed) == len(self.tried)

    def _of(self, fate: TrialOutcome) -> tuple[Trial, ...]:
        return tuple(each for each in self.tried if each.fate is fate)
