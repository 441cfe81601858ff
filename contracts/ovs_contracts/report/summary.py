"""What a report comes to: the verdict, the counts, and the groups in the order in which a person reads them."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from ovs_contracts.report.model import Cause, CheckResult, Outcome, Report, ReportedAnswer

# Causes that depend on how the run went, not on the target or the machine.
CIRCUMSTANCES = frozenset({Cause.BUDGET, Cause.UNAVAILABLE, Cause.BROKEN, Cause.NOT_REACHED})


class Verdict(StrEnum):
    """Of a run."""

    HOLDS = "holds"
    DRIFT = "drift"
    UNCHECKED = "could not check"


EXIT_CODES = {Verdict.HOLDS: 0, Verdict.DRIFT: 1, Verdict.UNCHECKED: 3}


def verdict(report: Report) -> Verdict:
    """Fails closed: what was not checked does not hold."""
    if counts(report)[Outcome.DRIFTED]:
        return Verdict.DRIFT
    return Verdict.UNCHECKED if gaps(report) else Verdict.HOLDS


def gaps(report: Report) -> list[str]:
    """Why the report cannot say that the contract holds."""
    reasons = [] if report.aborted is None else [report.aborted]
    if not counts(report)[Outcome.HOLDS]:
        reasons = reasons or ["nothing was checked"]
    elif missing := unchecked_areas(report.checks):
        reasons.append(f"nothing was checked in {', '.join(missing)}")
    if any(check.cause is Cause.BROKEN for check in report.checks):
        reasons.append("checks failed by themselves")
    return reasons


def unchecked_areas(checks: Iterable[CheckResult]) -> list[str]:
    """Areas in which the circumstances of the run left nothing checked."""
    checks = list(checks)
    checked = {check.area for check in checks if check.outcome is not Outcome.UNCHECKED}
    return sorted({check.area for check in checks if check.cause in CIRCUMSTANCES} - checked)


def counts(report: Report) -> Counter[Outcome]:
    """How many checks came to each outcome."""
    return Counter(check.outcome for check in report.checks)


def headline(report: Report) -> str:
    """The run in one line."""
    match verdict(report):
        case Verdict.DRIFT:
            number = counts(report)[Outcome.DRIFTED]
            drifted = f"{number} claim{'' if number == 1 else 's'} drifted"
            return f"{drifted}; and {report.aborted}" if report.aborted else drifted
        case Verdict.UNCHECKED:
            return "Could not check: " + "; ".join(gaps(report))
        case Verdict.HOLDS:
            return "The contract holds"


def totals(report: Report) -> str:
    """``212 hold, 3 drifted, 30 could not be checked``."""
    number = counts(report)
    words = {
        Outcome.HOLDS: "hold",
        Outcome.DRIFTED: "drifted",
        Outcome.ANSWERED: "open questions answered",
        Outcome.UNCHECKED: "could not be checked",
    }
    return ", ".join(f"{number[outcome]} {word}" for outcome, word in words.items() if number[outcome]) or "no checks"


def with_outcome(report: Report, outcome: Outcome) -> list[CheckResult]:
    return [check for check in report.checks if check.outcome is outcome]


def by_area(checks: Iterable[CheckResult]) -> dict[str, list[CheckResult]]:
    groups: dict[str, list[CheckResult]] = {}
    for check in checks:
        groups.setdefault(check.area, []).append(check)
    return dict(sorted(groups.items()))


def by_reason(report: Report) -> dict[str, list[CheckResult]]:
    """What could not be checked, by reason, the most frequent reason first."""
    groups: dict[str, list[CheckResult]] = {}
    for check in with_outcome(report, Outcome.UNCHECKED):
        groups.setdefault(check.reason or "no reason is known", []).append(check)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


def duration(seconds: float) -> str:
    """``3 min 20 s``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def spent(report: Report) -> str | None:
    """``about 3.21 of 20 cents``; ``None`` where nothing is charged."""
    spend = report.spend
    if spend is None:
        return None
    text = f"about {spend.estimated:.2f} of {spend.budget:g} cents"
    if spend.earlier:
        text += f", and {spend.earlier:.2f} before the run was interrupted"
    if spend.balance_before is not None and spend.balance_after is not None:
        text += f"; the balance went from {spend.balance_before:.2f} to {spend.balance_after:.2f} cents"
    return text


def facts(report: Report) -> list[tuple[str, str]]:
    """The facts of the run: name and value."""
    about = report.about
    target = about.target if about.target == about.origin else f"{about.target}, {about.origin}"
    rows: list[tuple[str, str | None]] = [
        ("Target", target),
        ("Server", about.server),
        ("Mutant", about.mutant),
        ("Suite", f"ovs-contracts {about.suite}, Python {about.python}"),
        ("Selection", about.selection),
        ("Started", about.started_at),
        ("Duration", duration(about.seconds)),
        ("Seed", str(about.seed)),
        ("Spend", spent(report)),
        ("Budget", f"ended: {report.spend.ended}" if report.spend and report.spend.ended else None),
    ]
    return [(name, value) for name, value in rows if value]


def answered(report: Report) -> list[tuple[CheckResult, ReportedAnswer]]:
    """The answers to open questions, in the order of their numbers."""
    rows = [(check, answer) for check in report.checks for answer in check.answers]
    return sorted(rows, key=lambda row: (_number(row[1].rows), row[0].id))


def _number(rows: tuple[str, ...]) -> tuple[int, str]:
    first = rows[0] if rows else ""
    return (int(first), "") if first.isdigit() else (1_000_000, first)
