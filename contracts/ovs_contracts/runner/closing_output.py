"""What is said on the terminal when a run has come to its end."""

from collections.abc import Sequence
from pathlib import Path
from textwrap import indent

from rich.console import Console
from rich.markup import escape

from ovs_contracts.report import summary
from ovs_contracts.report.model import CheckResult, Outcome, Report
from ovs_contracts.report.summary import Verdict

COLOURS = {Verdict.HOLDS: "green", Verdict.DRIFT: "red", Verdict.UNCHECKED: "yellow"}
MOST_SHOWN = 10


def say(report: Report, console: Console, paths: Sequence[Path], *, quiet: bool = False) -> None:
    """The verdict, and what somebody would look for next."""
    verdict = summary.verdict(report)
    if not quiet:
        _drifts(report, console)
        _reasons(report, console)
        for note in report.notes:
            console.print(f"[dim]note:[/] {escape(note)}")
        if spent := summary.spent(report):
            console.print(f"spent {escape(spent)}")
        if paths:
            console.print(f"report: {escape(str(paths[0]))}")
    headline = f"[bold {COLOURS[verdict]}]{escape(summary.headline(report))}[/]"
    console.print(f"{headline} ({summary.tally(report)}, {summary.duration(report.about.seconds)})")
    console.file.flush()


def _drifts(report: Report, console: Console) -> None:
    drifted = summary.having(report, Outcome.DRIFTED)
    for check in drifted[:MOST_SHOWN]:
        _drift(check, console)
    if len(drifted) > MOST_SHOWN:
        console.print(f"… and {len(drifted) - MOST_SHOWN} more, in the report")
    if drifted:
        console.print()


def _drift(check: CheckResult, console: Console) -> None:
    console.print(f"\n[bold red]✗ {escape(check.title)}[/] [dim]{escape(check.id)}[/]")
    failure = check.failure
    if failure is None:
        return
    lines = [failure.message] if failure.expected is None else []
    if failure.expected is not None:
        lines += [failure.claim or "", f"expected: {failure.expected}", f"seen:     {failure.seen}"]
    if failure.call:
        lines.append(failure.call.curl)
    console.print(indent(escape("\n".join(filter(None, lines))), "  "))


def _reasons(report: Report, console: Console) -> None:
    for reason, checks in summary.by_reason(report).items():
        console.print(f"[yellow]{len(checks):>4} not checked[/]: {escape(reason)}")
