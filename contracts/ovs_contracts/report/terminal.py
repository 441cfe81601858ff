"""A report, and single results, as a terminal shows them: text in rich's markup."""

from collections.abc import Mapping
from textwrap import indent

from rich.console import Console
from rich.markup import escape

from ovs_contracts.report import summary
from ovs_contracts.report.model import CheckResult, Outcome, Report
from ovs_contracts.report.summary import CIRCUMSTANCES, Verdict

SIGNS = {Outcome.HOLDS: "✓", Outcome.DRIFTED: "✗", Outcome.ANSWERED: "?", Outcome.UNCHECKED: "-"}
STYLES = {
    Outcome.HOLDS: "green",
    Outcome.DRIFTED: "bold red",
    Outcome.ANSWERED: "cyan",
    Outcome.UNCHECKED: "yellow",
}
COLOURS = {Verdict.HOLDS: "green", Verdict.DRIFT: "red", Verdict.UNCHECKED: "yellow"}
MAX_SHOWN = 10


def show(report: Report, console: Console, *, page: str | None = None, quiet: bool = False) -> None:
    """Print what drifted, what could not be checked and the verdict; only the verdict when ``quiet``.

    Args:
        report: What to show.
        console: Where to print it.
        page: The path of the written report, if there is one.
        quiet: Print one line.
    """
    verdict = summary.verdict(report)
    if not quiet:
        _show_drifted(summary.with_outcome(report, Outcome.DRIFTED), console)
        for reason, checks in summary.by_reason(report).items():
            console.print(f"[yellow]{len(checks):>4} not checked[/]: {escape(reason)}")
        for note in report.notes:
            console.print(f"[dim]note:[/] {escape(note)}")
        if spent := summary.spent(report):
            console.print(f"spent {escape(spent)}")
        if page:
            console.print(f"report: {escape(page)}")
    headline = f"[bold {COLOURS[verdict]}]{escape(summary.headline(report))}[/]"
    console.print(f"{headline} ({summary.totals(report)}, {summary.duration(report.about.seconds)})")
    console.file.flush()


def counts(number: Mapping[Outcome, int]) -> str:
    """``✓ 30 ✗ 2 - 5``."""
    return " ".join(f"[{STYLES[o]}]{SIGNS[o]} {number[o]}[/]" for o in Outcome if number.get(o))


def line(check: CheckResult) -> str:
    """A result in a line."""
    sign = f"[{STYLES[check.outcome]}]{SIGNS[check.outcome]}[/]"
    why = ": ".join(filter(None, (check.reason, check.detail)))
    reason = f": [dim]{escape(why)}[/]" if why else ""
    return f"{sign} {escape(check.title)} [dim]({check.area})[/]{reason}"


def is_notable(check: CheckResult) -> bool:
    """Whether the user wants to know a result before the run ends."""
    return check.outcome is Outcome.DRIFTED or check.cause in CIRCUMSTANCES


def _show_drifted(drifted: list[CheckResult], console: Console) -> None:
    for check in drifted[:MAX_SHOWN]:
        console.print(f"\n[bold red]✗ {escape(check.title)}[/] [dim]{escape(check.id)}[/]")
        if failure := check.failure:
            lines = [failure.message]
            if failure.expected is not None:
                lines = [failure.claim or "", f"expected: {failure.expected}", f"seen:     {failure.seen}"]
            if failure.call:
                lines.append(failure.call.curl)
            console.print(indent(escape("\n".join(filter(None, lines))), "  "))
    if len(drifted) > MAX_SHOWN:
        console.print(f"… and {len(drifted) - MAX_SHOWN} more, in the report")
    if drifted:
        console.print()
