"""The result of a run. ``report.json`` is a dump of Report; its version changes when a reader would have to.

Everything here is ready to be shown: secrets are hidden and long texts cut before they come here (``shown.py``).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

SCHEMA_VERSION = 1


class Outcome(StrEnum):
    """Of one check."""

    HOLDS = "holds"
    DRIFTED = "drifted"
    ANSWERED = "answered"
    """An open question, of a target that need not answer it as the project decided."""
    UNCHECKED = "unchecked"


class Cause(StrEnum):
    """Why a check could not be made."""

    CANNOT = "cannot"
    """The target, or this machine, lacks what it needs."""
    LIMIT = "limit"
    """The run was told not to: how long to wait, how many streams to hold."""
    NO_ANSWER = "no answer"
    """An open question stays open."""
    BUDGET = "budget"
    UNAVAILABLE = "unavailable"
    """The target was out of order or out of reach."""
    BROKEN = "broken"
    """The check itself failed, or what it arranges with."""
    NOT_REACHED = "not reached"
    """The run ended before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedCall:
    """A call and its answer."""

    curl: str
    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How the target deviates. ``calls`` are the last ones of the check, ``call`` the one that showed it."""

    message: str
    claim: str | None = None
    expected: str | None = None
    seen: str | None = None
    where: str | None = None
    call: ReportedCall | None = None
    calls: tuple[ReportedCall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """A first attempt that does not count, and why."""

    because: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedAnswer:
    """What was seen of an open question, and what the project decided. Both are JSON."""

    rows: tuple[str, ...]
    seen: Any
    decided: Any

    @property
    def agrees(self) -> bool:
        return bool(self.seen == self.decided)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check, and what came of it."""

    id: str
    """``v02/test_lease.py::test_an_unrenewed_lease_ends_the_stream``."""
    area: str
    claim: str
    variant: str | None = None
    """Which of several forms of the same check: ``v1beta``."""
    parity: str
    source: str
    outcome: Outcome
    seconds: float
    cents: float = 0.0
    cause: Cause | None = None
    reason: str | None = None
    """Why it could not be made; the same for many checks."""
    detail: str | None = None
    """What is to be added in this case."""
    failure: Failure | None = None
    retry: Retry | None = None
    answers: tuple[ReportedAnswer, ...] = ()
    earlier: bool = False
    """From a run that this one goes on with."""

    @property
    def title(self) -> str:
        """The claim, and which form of it."""
        return f"{self.claim} [{self.variant}]" if self.variant else self.claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """Money, in cents. ``estimated`` counts this run alone; balances are the target's own words."""

    budget: float
    estimated: float
    earlier: float = 0.0
    balance_before: float | None = None
    balance_after: float | None = None
    ended: str | None = None
    """Why the budget stopped the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """What was run, where, and when."""

    target: str
    origin: str
    suite: str
    python: str
    server: str | None = None
    started_at: str
    seconds: float
    seed: int
    selection: str | None = None
    drift: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of it."""

    about: RunInfo
    checks: tuple[CheckResult, ...]
    spend: Spend | None = None
    """``None`` where nothing is charged."""
    aborted: str | None = None
    """Why the run did not come to its end."""
    notes: tuple[str, ...] = ()
    schema_version: int = field(default=SCHEMA_VERSION)


def plain(part: Any) -> dict[str, Any]:
    """A part of a report as JSON has it."""
    return asdict(part)


def check_from(shown: Mapping[str, Any], *, earlier: bool) -> CheckResult:
    """A check as ``plain`` has it."""
    failure, retry, cause = shown["failure"], shown["retry"], shown["cause"]
    return CheckResult(
        **{
            **shown,
            "outcome": Outcome(shown["outcome"]),
            "cause": Cause(cause) if cause else None,
            "failure": _failure(failure) if failure else None,
            "retry": Retry(**retry) if retry else None,
            "answers": tuple(
                ReportedAnswer(**{**answer, "rows": tuple(answer["rows"])}) for answer in shown["answers"]
            ),
            "earlier": earlier,
        }
    )


def _failure(shown: Mapping[str, Any]) -> Failure:
    call = ReportedCall(**shown["call"]) if shown["call"] else None
    return Failure(**{**shown, "call": call, "calls": tuple(ReportedCall(**each) for each in shown["calls"])})
