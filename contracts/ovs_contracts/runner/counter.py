"""How a self-test, or a comparison, gets on."""

import sys
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

STYLES = {"killed": "green", "survived": "bold red", "untried": "yellow"}
WORDS = {"killed": "noticed", "survived": "survived", "untried": "not tried"}


class TrialProgress:
    """On standard error, so that the result can be piped: a bar on a terminal, a line for each drift elsewhere."""

    def __init__(self, begins: str) -> None:
        self._console = Console(file=sys.stderr, highlight=False, soft_wrap=not sys.stderr.isatty())
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=self._console, transient=True)
        self._task = self._bar.add_task(begins, total=None)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._console.is_terminal:
            self._bar.stop()

    def tried(self, tried: Any, done: int, total: int) -> None:
        """One more drift."""
        self._bar.update(self._task, description="drifts", completed=done, total=total)
        fate = tried.fate.value
        if not self._console.is_terminal or fate != "killed":
            by = f" [dim]{escape(tried.by)}[/]" if tried.by else ""
            said = f"[{STYLES[fate]}]{WORDS[fate]}[/] {escape(tried.drift.name)} ({tried.seconds:.1f} s){by}"
            self._console.print(f"{done}/{total} {said}")

    def step(self, done: int, total: int) -> None:
        """One more step; not worth a line."""
        self._bar.update(self._task, completed=done, total=total)
