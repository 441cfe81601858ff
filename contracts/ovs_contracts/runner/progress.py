"""Progress output: a bar on a terminal, lines one below the other elsewhere."""

import io
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from ovs_contracts.report import terminal
from ovs_contracts.report.model import CheckResult, Outcome
from ovs_contracts.transport.realtime import stopwatch

EVERY_SECONDS = 10.0
TRIAL_OUTCOMES = {
    "killed": "[green]noticed[/]",
    "survived": "[bold red]survived[/]",
    "inconclusive": "[yellow]inconclusive[/]",
}


@contextmanager
def open_console() -> Iterator[Console]:
    """A console on standard output that keeps writing there while pytest captures what checks print."""
    try:
        file: TextIO = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    except (OSError, io.UnsupportedOperation):
        file = sys.stdout
    try:
        yield Console(file=file, highlight=False, soft_wrap=True)
    finally:
        if file is not sys.stdout:
            file.close()


class Progress:
    """Receives the events of a run, in this order. This class shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Remove what moves on the screen."""

    def begin(self, target: str, total: int) -> None:
        """The run is open and has ``total`` checks to execute."""

    def start_check(self, claim: str) -> None:
        """A check starts."""

    def retry(self, claim: str, because: str) -> None:
        """The same check starts once more."""

    def finish_check(self, check: CheckResult, spent_cents: float | None) -> None:
        """A check is done. ``spent_cents`` is the spend of the run until now, where money is charged."""


class ProgressBar(Progress):
    """A line that moves, and above it the notable results."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._counts: Counter[Outcome] = Counter()
        self._bar = _bar(console, TextColumn("{task.fields[counts]}"))
        self._task = self._bar.add_task("checks", counts="", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def begin(self, target: str, total: int) -> None:
        self._bar.update(self._task, total=total)

    def start_check(self, claim: str) -> None:
        self._bar.update(self._task, description=escape(_shortened(claim, max(20, self._console.width - 70))))

    def retry(self, claim: str, because: str) -> None:
        self._console.print(f"[yellow]again[/] {escape(claim)}: {escape(because)}")

    def finish_check(self, check: CheckResult, spent_cents: float | None) -> None:
        self._counts[check.outcome] += 1
        spent = "" if spent_cents is None else f" · {spent_cents:.2f} ¢"
        self._bar.update(self._task, advance=1, counts=terminal.counts(self._counts) + spent)
        if terminal.is_notable(check):
            self._console.print(terminal.line(check))


class ProgressLines(Progress):
    """A line for each check where each one costs; else for notable ones, and the counts now and then."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._counts: Counter[Outcome] = Counter()
        self._total = 0
        self._last_line = stopwatch()

    def begin(self, target: str, total: int) -> None:
        self._total = total
        self._print(f"{total} checks against {target}")

    def retry(self, claim: str, because: str) -> None:
        self._print(f"again: {escape(claim)}: {escape(because)}")

    def finish_check(self, check: CheckResult, spent_cents: float | None) -> None:
        self._counts[check.outcome] += 1
        done = f"{self._counts.total()}/{self._total}"
        if spent_cents is not None:
            self._print(f"{done} {terminal.line(check)} ({spent_cents:.2f} ¢)")
        elif terminal.is_notable(check):
            self._print(f"{done} {terminal.line(check)}")
        elif stopwatch() - self._last_line > EVERY_SECONDS:
            self._print(f"{done} {terminal.counts(self._counts)}")

    def _print(self, text: str) -> None:
        self._last_line = stopwatch()
        self._console.print(text)
        self._console.file.flush()


def progress_on(console: Console, *, quiet: bool) -> Progress:
    """The progress output that suits a console."""
    if quiet:
        return Progress()
    return ProgressBar(console) if console.is_terminal else ProgressLines(console)


class TrialProgress:
    """Progress of a self-test or a comparison, on standard error, so that the result can be piped."""

    def __init__(self, description: str) -> None:
        self._console = Console(file=sys.stderr, highlight=False, soft_wrap=not sys.stderr.isatty())
        self._bar = _bar(self._console)
        self._task = self._bar.add_task(description, total=None)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._console.is_terminal:
            self._bar.stop()

    def finish_trial(self, trial: Any, done: int, total: int) -> None:
        """Show a mutant that was tested: on a terminal only if no check noticed it."""
        self._bar.update(self._task, description="mutants", completed=done, total=total)
        outcome = trial.outcome.value
        if not self._console.is_terminal or outcome != "killed":
            by = f" [dim]{escape(trial.by)}[/]" if trial.by else ""
            name = escape(trial.mutant.name)
            self._console.print(f"{done}/{total} {TRIAL_OUTCOMES[outcome]} {name} ({trial.seconds:.1f} s){by}")

    def finish_step(self, done: int, total: int) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=done, total=total)


def _bar(console: Console, *more: TextColumn) -> RichProgress:
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), *more)
    return RichProgress(*columns, TimeElapsedColumn(), console=console, transient=True)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
