"""Starts pytest on the suite, in this process, without settings, plugins or conftest files of the user's project."""

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
from ovs_contracts.runner.checks import Check, is_check, suite_folder
from ovs_contracts.runner.options import Options
from ovs_contracts.runner.progress import Progress
from ovs_contracts.runner.pytest_plugin import RUN
from ovs_contracts.runner.run import Run

SET = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
UNSET = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DEBUG")


class LaunchError(Exception):
    """pytest refused its arguments, or failed. The message is pytest's own."""

    def __init__(self, message: str, *, is_misuse: bool) -> None:
        super().__init__(message)
        self.is_misuse = is_misuse


class _RunOption:
    """Hands a run to the suite's plugin."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[RUN] = self._run


class _Collector:
    """Keeps the checks that pytest collects."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.checks = [Check.from_item(item) for item in session.items if is_check(item)]


def run_suite(
    options: Options, progress: Progress, *, areas: Sequence[str] = (), expression: str | None = None
) -> Report:
    """Execute the checks of these areas, or of all, whose names match an expression as pytest's ``-k`` takes it.

    Raises:
        TargetError: The target cannot be used with these options, or does not answer.
        LaunchError: pytest does not accept the expression.
    """
    selection = [*areas, *([f"-k {expression}"] if expression else [])]
    run = Run(options, progress=progress, selection=", ".join(selection) or None)
    with interrupt_on_signals(), run:
        try:
            status = run_pytest(areas, expression, options.arguments(), [_RunOption(run)])
        except LaunchError as error:
            if error.is_misuse:
                raise
            # The report shows what was found out until then, and that it is not all.
            run.aborted = run.aborted or f"pytest failed: {str(error).splitlines()[-1]}"
        else:
            if status is pytest.ExitCode.NO_TESTS_COLLECTED and not run.results:
                run.aborted = "no check was chosen"
    return run.finish()


def collect(areas: Sequence[str] = (), expression: str | None = None) -> list[Check]:
    """The chosen checks in the order in which a run executes them."""
    collector = _Collector()
    run_pytest(areas, expression, ["--collect-only"], [collector])
    return collector.checks


def run_pytest(
    areas: Sequence[str], expression: str | None, arguments: Sequence[str], plugins: Sequence[Any]
) -> pytest.ExitCode:
    """Run pytest on the suite; a LaunchError when it refuses its arguments, or fails."""
    folder = suite_folder()
    command = ["--rootdir", str(folder), "-c", os.devnull, "-p", "no:cacheprovider", "-p", "no:terminal"]
    command += ["-p", "hypothesispytest", "--strict-markers", *arguments]
    command += ["-k", expression] if expression else []
    command += [str(folder / area) for area in areas] or [str(folder)]
    output = io.StringIO()
    with _isolated_environment(), redirect_stdout(output), redirect_stderr(output):
        status = pytest.ExitCode(pytest.main(command, plugins=[options_plugin, *plugins]))
    if status in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR):
        lines = [line.removeprefix("ERROR: ") for line in output.getvalue().splitlines() if line.strip()]
        message = "\n".join(lines) or "pytest could not start"
        raise LaunchError(message, is_misuse=status is pytest.ExitCode.USAGE_ERROR)
    return status


@contextmanager
def interrupt_on_signals() -> Iterator[None]:
    """Treat SIGTERM and SIGHUP like Ctrl-C while this block runs, so that streams are deleted first."""
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


@contextmanager
def _isolated_environment() -> Iterator[None]:
    """Hide pytest's environment variables while this block runs."""
    before = {name: os.environ.get(name) for name in (*SET, *UNSET)}
    for name in UNSET:
        os.environ.pop(name, None)
    os.environ.update(SET)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
