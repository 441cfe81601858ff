"""What a report comes to: the verdict, counts, and groups that a person reads in this order."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from ovs_contracts.report.model import Cause, CheckResult, Outcome, Report, ReportedAnswer

# Not the target's or the machine's nature, but how this run went: an area where only this happened was not checked.
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
    return Verdict.UNCHECKED if unsaid(report) else Verdict.HOLDS


def unsaid(report: Report) -> list[str]:
    """Why it cannot be said that the contract holds."""
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
    said, unlucky = set(), set()
    for check in checks:
        if check.outcome is not Outcome.UNCHECKED:
            said.add(check.area)
        elif check.cause in CIRCUMSTANCES:
            unlucky.add(check.area)
    return sorted(unlucky - said)


def counts(report: Report) -> Counter[Outcome]:
    """How many checks came to each outcome."""
    return Counter(check.outcome for check in report.checks)


def headline(report: Report) -> str:
    """The run in one line."""
    match verdict(report):
        case Verdict.DRIFT:
            number = counts(report)[Outcome.DRIFTED]
            said = f"{number} claim{'' if number == 1 else 's'} drifted"
            return f"{said}; and {report.aborted}" if report.aborted else said
        case Verdict.UNCHECKED:
            return "Could not check: " + "; ".join(unsaid(report))
        case Verdict.HOLDS:
            return "The contract holds"


def tally(report: Report) -> str:
    """``212 hold, 3 drifted, 30 could not be checked``."""
    number = counts(report)
    words = {
        Outcome.HOLDS: "hold",
        Outcome.DRIFTED: "drifted",
        Outcome.ANSWERED: "open questions answered",
        Outcome.UNCHECKED: "could not be checked",
    }
    return ", ".join(f"{number[outcome]} {word}" for outcome, word in words.items() if number[outcome]) or "no checks"


def having(report: Report, outcome: Outcome) -> list[CheckResult]:
    return [check for check in report.checks if check.outcome is outcome]


def by_area(checks: Iterable[CheckResult]) -> dict[str, list[CheckResult]]:
    groups: dict[str, list[CheckResult]] = {}
    for check in checks:
        groups.setdefault(check.area, []).append(check)
    return dict(sorted(groups.items()))


def by_reason(report: Report) -> dict[str, list[CheckResult]]:
    """What could not be checked, the most frequent reason first."""
    groups: dict[str, list[CheckResult]] = {}
    for check in having(report, Outcome.UNCHECKED):
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
    said = f"about {spend.estimated:.2f} of {spend.budget:g} cents"
    if spend.earlier:
        said += f", and {spend.earlier:.2f} before the run was interrupted"
    if spend.balance_before is not None and spend.balance_after is not None:
        said += f"; the balance went from {spend.balance_before:.2f} to {spend.balance_after:.2f} cents"
    return said


def facts(report: Report) -> list[tuple[str, str]]:
    """What was run, by name."""
    about = report.about
    target = about.target if about.target == about.origin else f"{about.target}, {about.origin}"
    rows: list[tuple[str, str | None]] = [
        ("Target", target),
        ("Server", about.server),
        ("Deviation asked for", about.drift),
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
    """What was seen of open questions, in the order of their numbers."""
    rows = [(check, answer) for check in report.checks for answer in check.answers]
    return sorted(rows, key=lambda row: (_number(row[1].rows), row[0].id))


def _number(rows: tuple[str, ...]) -> tuple[int, str]:
    first = rows[0] if rows else ""
    return (int(first), "") if first.isdigit() else (1_000_000, first)
