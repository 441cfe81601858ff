"""What the self-test, its host and the host's children say to each other, as JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from ovs_contracts.mutation.results import MutantInfo, TrialOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class MutantRun:
    """One run of the suite. Without a drift it is the control, in which every check is made."""

    number: int
    drift: MutantInfo | None
    seed: int

    @classmethod
    def of(cls, shown: dict[str, Any]) -> "MutantRun":
        return cls(**{**shown, "drift": shown["drift"] and MutantInfo(**shown["drift"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class MutantRunResult:
    """How a run ended: the first check that failed, if one did, and how many were made and passed."""

    fate: TrialOutcome
    by: str | None = None
    message: str | None = None
    checks: int = 0
    passed: int = 0
    seconds: float = 0.0

    def shown(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, shown: dict[str, Any]) -> "MutantRunResult":
        return cls(**{**shown, "fate": TrialOutcome(shown["fate"])})
