"""The result of a run. ``report.json`` is a dump of ``Report``; its version changes when readers of it have to change.

All texts can be shown as they are: ``encode`` has removed secrets and cut long texts.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

SCHEMA_VERSION = 2


class Outcome(StrEnum):
    """Of one check."""

    HOLDS = "holds"
    DRIFTED = "drifted"
    ANSWERED = "answered"
    """An open question: whatever the target answers is right."""
    UNCHECKED = "unchecked"


class Cause(StrEnum):
    """Why a check was not executed, or found nothing out."""

    CANNOT = "cannot"
    """The target, or this machine, lacks what it needs."""
    LIMIT = "limit"
    """It would wait longer, or hold more streams, than the options of the run allow."""
    NO_ANSWER = "no answer"
    """An open question stays open."""
    BUDGET = "budget"
    UNAVAILABLE = "unavailable"
    """The target was out of order or out of reach."""
    BROKEN = "broken"
    """The check itself failed, or a control of the mock that it uses."""
    NOT_REACHED = "not reached"
    """The run ended before the check."""


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
    """How the target deviates. ``calls`` are the last calls of the check, ``call`` the one that deviated."""

    message: str
    claim: str | None = None
    expected: str | None = None
    seen: str | None = None
    where: str | None = None
    call: ReportedCall | None = None
    calls: tuple[ReportedCall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """A first attempt that does not count: what was out of order, and how the attempt failed."""

    because: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedAnswer:
    """What the target answers to an open question, and what the mock answers. Both are JSON."""

    rows: tuple[str, ...]
    seen: Any
    decided: Any

    @property
    def agrees(self) -> bool:
        return bool(self.seen == self.decided)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check and its outcome."""

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
    """Why it is unchecked; the same text for many checks."""
    detail: str | None = None
    """What the reason means for this check."""
    failure: Failure | None = None
    retry: Retry | None = None
    answers: tuple[ReportedAnswer, ...] = ()
    earlier: bool = False
    """Whether it comes from an interrupted run that this one continues."""

    @property
    def title(self) -> str:
        """The claim, and which form of it."""
        return f"{self.claim} [{self.variant}]" if self.variant else self.claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """Money, in cents. ``estimated`` counts this run alone; the target reports the balances."""

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
    mutant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All results of a run."""

    about: RunInfo
    checks: tuple[CheckResult, ...]
    spend: Spend | None = None
    """``None`` where nothing is charged."""
    aborted: str | None = None
    """Why the run ended early."""
    notes: tuple[str, ...] = ()
    schema_version: int = field(default=SCHEMA_VERSION)


def to_json(part: Any) -> dict[str, Any]:
    """A part of a report as JSON."""
    return asdict(part)


def check_from_json(text: str, *, earlier: bool) -> CheckResult:
    """Read a check from the JSON of ``to_json``; a ValueError when the text is something else."""
    return replace(TypeAdapter(CheckResult).validate_json(text), earlier=earlier)
