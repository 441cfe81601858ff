"""How a run gets on, for somebody who watches: a line that moves on a terminal, lines below one another elsewhere."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ovs_contracts.report.model import CheckResult, Outcome
from ovs_contracts.report.summary import CIRCUMSTANCES
from ovs_contracts.runner.listener import NullListener
from ovs_contracts.runner.outcome_text import SIGNS, STYLES, counted
from ovs_contracts.runner.run import Run
from ovs_contracts.transport.realtime import stopwatch

EVERY_SECONDS = 10.0


@contextmanager
def console() -> Iterator[Console]:
    """Standard output, which stays itself while pytest catches what checks print."""
    try:
        file: TextIO = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    except (OSError, io.UnsupportedOperation):
        file = sys.stdout
    try:
        yield Console(file=file, highlight=False, soft_wrap=True)
    finally:
        if file is not sys.stdout:
            file.close()


class ProgressBar:
    """A line that moves, and above it what drifted."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._run: Run | None = None
        self._counts: dict[Outcome, int] = {}
        self._bar = Progress(
            TextColumn("{task.fields[what]}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("", what="checks", counts="", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def begins(self, run: Run, total: int) -> None:
        self._run = run
        self._bar.update(self._task, total=total)

    def makes(self, claim: str) -> None:
        self._bar.update(self._task, what=escape(_cut(claim, self._console.width - 70)))

    def tries_again(self, claim: str, because: str) -> None:
        self._bar.console.print(f"[yellow]again[/] {escape(claim)}: {escape(because)}")

    def made(self, check: CheckResult) -> None:
        self._counts[check.outcome] = self._counts.get(check.outcome, 0) + 1
        spent = f" · {self._run.spent():.2f} ¢" if self._run and self._run.charges else ""
        self._bar.update(self._task, advance=1, counts=counted(self._counts) + spent)
        if worth_a_line(check):
            self._bar.console.print(line_of(check))


class ProgressLines:
    """A line for each check where each one costs, and now and then elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._run: Run | None = None
        self._counts: dict[Outcome, int] = {}
        self._total = 0
        self._last = stopwatch()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Nothing stands still on the screen."""

    def begins(self, run: Run, total: int) -> None:
        self._run = run
        self._total = total
        self._say(f"{total} checks against {run.target.name}")

    def makes(self, claim: str) -> None:
        """Said when it is done."""

    def tries_again(self, claim: str, because: str) -> None:
        self._say(f"again: {escape(claim)}: {escape(because)}")

    def made(self, check: CheckResult) -> None:
        self._counts[check.outcome] = self._counts.get(check.outcome, 0) + 1
        done = sum(self._counts.values())
        if self._run and self._run.charges:
            spent = f" ({self._run.spent():.2f} ¢)"
            self._say(f"{done}/{self._total} {line_of(check)}{spent}")
        elif worth_a_line(check):
            self._say(f"{done}/{self._total} {line_of(check)}")
        elif stopwatch() - self._last > EVERY_SECONDS:
            self._say(f"{done}/{self._total} {counted(self._counts)}")

    def _say(self, text: str) -> None:
        self._last = stopwatch()
        self._console.print(text)
        self._console.file.flush()


def watching(console: Console, *, quiet: bool) -> "ProgressBar | ProgressLines | NoProgress":
    """What suits the screen."""
    if quiet:
        return NoProgress()
    return ProgressBar(console) if console.is_terminal else ProgressLines(console)


class NoProgress(NullListener):
    """Nothing at all."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """There is nothing to end."""


def worth_a_line(check: CheckResult) -> bool:
    """Whether somebody would want to know before the end."""
    return check.outcome is Outcome.DRIFTED or check.cause in CIRCUMSTANCES


def line_of(check: CheckResult) -> str:
    """A check in a line, in rich's markup."""
    sign = f"[{STYLES[check.outcome]}]{SIGNS[check.outcome]}[/]"
    why = ": ".join(filter(None, (check.reason, check.detail)))
    reason = f": [dim]{escape(why)}[/]" if why else ""
    return f"{sign} {escape(check.title)} [dim]({check.area})[/]{reason}"


def _cut(text: str, longest: int) -> str:
    longest = max(20, longest)
    return text if len(text) <= longest else text[: longest - 1] + "…"
