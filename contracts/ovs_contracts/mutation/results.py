"""What a self-test finds out about each mutant."""

from dataclasses import dataclass
from enum import StrEnum


class SelfTestError(Exception):
    """The self-test found nothing out about the suite; the message says why."""


class NoSuchMutantError(SelfTestError):
    """There is no mutant of that name. The message names similar ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MutantInfo:
    """One way in which the mock can be made to differ from the API."""

    name: str
    area: str
    description: str


class TrialOutcome(StrEnum):
    KILLED = "killed"
    """A check noticed the mutant."""
    SURVIVED = "survived"
    """Every check passed, or could not be executed."""
    INCONCLUSIVE = "inconclusive"
    """The suite could not be run, or the mock failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRun:
    """One run of the suite, to be made: against a mutant, or the control run against the unchanged mock."""

    number: int
    mutant: MutantInfo | None
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """How such a run ended."""

    outcome: TrialOutcome
    by: str | None = None
    """The check that noticed the mutant first."""
    message: str | None = None
    """What that check reported, or why the run was inconclusive."""
    checks: int = 0
    """How many checks were executed."""
    passed: int = 0
    """How many of them passed."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial(TrialResult):
    """The result of one mutant."""

    mutant: MutantInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTestResult:
    """The trials of all mutants, in the order of the mock's list."""

    trials: tuple[Trial, ...]
    control_checks: int
    """Checks that passed on the unchanged mock."""
    seconds: float

    @property
    def killed(self) -> tuple[Trial, ...]:
        return self._with_outcome(TrialOutcome.KILLED)

    @property
    def survivors(self) -> tuple[Trial, ...]:
        return self._with_outcome(TrialOutcome.SURVIVED)

    @property
    def inconclusive(self) -> tuple[Trial, ...]:
        return self._with_outcome(TrialOutcome.INCONCLUSIVE)

    @property
    def kill_rate(self) -> float:
        """The share of all mutants that was noticed, from 0 to 1."""
        return len(self.killed) / len(self.trials) if self.trials else 0.0

    @property
    def passed(self) -> bool:
        """Whether the suite noticed every mutant. A self-test without mutants has shown nothing."""
        return bool(self.trials) and len(self.killed) == len(self.trials)

    def _with_outcome(self, outcome: TrialOutcome) -> tuple[Trial, ...]:
        return tuple(trial for trial in self.trials if trial.outcome is outcome)
