"""Translates pytest's hooks into calls of ``Run``, and its results into pytest's reports."""

from collections.abc import Generator, Sequence
from typing import Any

import pytest
from _pytest._code.code import ExceptionChainRepr, ReprEntry
from _pytest.outcomes import Exit
from _pytest.runner import runtestprotocol

from ovs_contracts.report import summary
from ovs_contracts.report.encode import redacted_text
from ovs_contracts.report.model import Cause, Outcome, Report
from ovs_contracts.runner.attempt import CheckAttempt, first_line
from ovs_contracts.runner.checks import Check, is_check
from ovs_contracts.runner.options import Options
from ovs_contracts.runner.run import Run
from ovs_contracts.targets.target import TargetError, UnavailableError
from ovs_contracts.transport.redaction import redacted

RUN = pytest.StashKey[Run]()
"""The run that the checks of a pytest session belong to, in its ``config.stash``."""
ATTEMPT = pytest.StashKey[CheckAttempt]()


class RunnerPlugin:
    """A plugin of pytest. It finishes and reports a run that it opened; others belong to who started pytest."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._owns_run = False
        self._report: Report | None = None
        self._checks: dict[pytest.Item, Check] = {}
        self._unreadable: list[str] = []

    @property
    def _run(self) -> Run:
        if RUN not in self._config.stash:
            self._owns_run = True
            self._config.stash[RUN] = Run(Options.from_config(self._config))
        return self._config.stash[RUN]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._unreadable.append(f"{report.nodeid}: {str(report.longrepr).strip().splitlines()[-1]}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        checks = {item: Check.from_item(item) for item in session.items if is_check(item)}
        if not checks or session.config.option.collectonly:
            return
        if not self._run.is_open:
            self._open()
        if self._unreadable:
            self._run.aborted = redacted_text(f"the suite could not be read: {'; '.join(self._unreadable)}")
        pending = self._run.begin(list(checks.values()))
        self._checks = {item: check for item, check in checks.items() if check.id in pending}
        session.items[:] = [item for item in session.items if item in self._checks or item not in checks]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        check = self._checks.get(item)
        if check is None:
            return None
        reports: list[pytest.TestReport] = []

        def attempt() -> CheckAttempt:
            current = item.stash[ATTEMPT] = CheckAttempt()
            reports[:] = runtestprotocol(item, nextitem=nextitem, log=False)
            return current

        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        result = self._run.execute(check, attempt)
        if result.outcome is Outcome.UNCHECKED and result.cause is not Cause.BROKEN:
            _mark_skipped(reports, item, result.reason or "")
        if self._run.is_unreachable and self._run.aborted:
            item.session.shouldstop = self._run.aborted
        for report in reports:
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[Any]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        _redact(report)
        if attempt := item.stash.get(ATTEMPT, None):
            attempt.add_phase(call, report)
        return report

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        # pytest calls this also when ``shouldstop`` ends a run, and then the exception says why.
        has_reason = isinstance(excinfo.value, pytest.Session.Interrupted | Exit)
        self._run.aborted = self._run.aborted or (str(excinfo.value) if has_reason else "the run was interrupted")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self._run.aborted = f"the run failed: {first_line(excinfo.value)}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """However the checks ended, the streams that they made are deleted first."""
        if RUN not in self._config.stash:
            return
        was_open = self._run.is_open
        self._run.end(str(session.shouldstop or session.shouldfail or "the run ended before"))
        if was_open and self._owns_run:
            self._report = self._run.finish()
            # A run that checked nothing is not green; pytest's own word for that is that it found no tests.
            is_unchecked = summary.verdict(self._report) is summary.Verdict.UNCHECKED
            if is_unchecked and session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED

    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter") -> None:
        if self._report is None:
            return
        terminalreporter.section("the contract of the Overshoot API")
        terminalreporter.line(f"{summary.headline(self._report)}: {summary.totals(self._report)}")
        for line in filter(None, (*self._report.notes, summary.spent(self._report))):
            terminalreporter.line(line)
        if self._run.options.report:
            terminalreporter.line(f"report: {self._run.options.report / 'report.html'}")

    def _open(self) -> None:
        if hasattr(self._config, "workerinput") and self._run.options.target != "mock":
            raise pytest.UsageError("a run spends and is paced as one: leave out -n, which makes several of it")
        try:
            self._run.open()
        except UnavailableError as error:
            pytest.exit(f"could not check: {error}", returncode=3)
        except TargetError as error:
            raise pytest.UsageError(str(error)) from None


def _mark_skipped(reports: Sequence[pytest.TestReport], item: pytest.Item, reason: str) -> None:
    """Report a failure as a skip to pytest: it says nothing about the contract."""
    for report in reports:
        if report.failed:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), item.location[1] or 0, f"Skipped: {reason}")


def _redact(report: pytest.TestReport) -> None:
    """Take keys and tokens out of a report: pytest shows arguments and messages as they are."""
    report.sections = [(name, redacted(text)) for name, text in report.sections]
    text = report.longrepr
    if isinstance(text, str):
        report.longrepr = redacted(text)
    elif isinstance(text, ExceptionChainRepr):
        for traceback, crash, _ in text.chain:
            if crash is not None:
                crash.message = redacted(crash.message)
            for entry in traceback.reprentries:
                _redact_entry(entry)


def _redact_entry(entry: Any) -> None:
    entry.lines = [redacted(line) for line in entry.lines]
    if not isinstance(entry, ReprEntry):
        return
    if entry.reprfuncargs is not None:
        entry.reprfuncargs.args = [(name, redacted(str(value))) for name, value in entry.reprfuncargs.args]
    if entry.reprlocals is not None:
        entry.reprlocals.lines = [redacted(line) for line in entry.reprlocals.lines]
