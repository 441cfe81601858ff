"""pytest on the suite, in this process and by itself: no settings, plugins or conftest files of the user's project."""

import io
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

import pytest

from ovs_contracts.report.model import Report
from ovs_contracts.runner import options as options_plugin
from ovs_contracts.runner.checks import suite_folder
from ovs_contracts.runner.listener import LISTENER, RUN, ProgressListener
from ovs_contracts.runner.options import Options
from ovs_contracts.runner.run import Run

OURS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
THEIRS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DEBUG")


class LaunchError(Exception):
    """pytest could not begin, as it was used wrongly, or failed; the message is its own."""

    def __init__(self, message: str, *, is_misuse: bool) -> None:
        super().__init__(message)
        self.is_misuse = is_misuse


class _RunPlugin:
    """Hands the run and its listener to the suite's plugin."""

    def __init__(self, run: Run, listener: ProgressListener) -> None:
        self._run = run
        self._listener = listener

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[RUN] = self._run
        config.stash[LISTENER] = self._listener


def launch(
    options: Options, listener: ProgressListener, *, only: Sequence[str] = (), expression: str | None = None
) -> Report:
    """Make the checks of these areas, or all, whose names match. A TargetError when the target cannot be used so."""
    parts = [*only, *([f"-k {expression}"] if expression else [])]
    run = Run(options, ", ".join(parts) or None)
    with ends_when_told():
        try:
            run.open()
            _make(run, listener, only, expression)
        finally:
            run.close()
    return run.finish()


def _make(run: Run, listener: ProgressListener, only: Sequence[str], expression: str | None) -> None:
    try:
        introduction = _RunPlugin(run, listener)
        status = pytest_on_the_suite(only, expression, run.options.arguments(), [introduction])
    except LaunchError as error:
        if error.is_misuse:
            raise
        # What was found out until then is told, and that it is not all.
        run.aborted = run.aborted or f"pytest failed: {str(error).splitlines()[-1]}"
        return
    if status is pytest.ExitCode.NO_TESTS_COLLECTED and not run.results and not run.earlier:
        run.aborted = "no check was chosen"


def pytest_on_the_suite(
    only: Sequence[str], expression: str | None, arguments: Sequence[str], plugins: Sequence[Any]
) -> pytest.ExitCode:
    """Run pytest; a LaunchError when it says that it was used wrongly, or fails."""
    folder = suite_folder()
    told = ["--rootdir", str(folder), "-c", os.devnull, "-p", "no:cacheprovider", "-p", "no:terminal"]
    told += ["-p", "hypothesispytest", "--strict-markers", *arguments]
    told += ["-k", expression] if expression else []
    told += [str(folder / area) for area in only] or [str(folder)]
    said = io.StringIO()
    with _by_itself(), redirect_stdout(said), redirect_stderr(said):
        status = pytest.ExitCode(pytest.main(told, plugins=[options_plugin, *plugins]))
    if status in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR):
        raise LaunchError(_in_short(said.getvalue()), is_misuse=status is pytest.ExitCode.USAGE_ERROR)
    return status


@contextmanager
def _by_itself() -> Iterator[None]:
    """Without what the environment tells pytest."""
    before = {name: os.environ.get(name) for name in (*OURS, *THEIRS)}
    for name in THEIRS:
        os.environ.pop(name, None)
    os.environ.update(OURS)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextmanager
def ends_when_told() -> Iterator[None]:
    """Who asks the process to end, or closes its terminal, ends a run as Ctrl-C does: what it made is deleted first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_short(said: str) -> str:
    lines = [line.removeprefix("ERROR: ") for line in said.splitlines() if line.strip()]
    return "\n".join(lines) or "pytest could not begin"
