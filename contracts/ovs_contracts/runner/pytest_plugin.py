"""Leads a run through pytest: opens the target, makes each check, once more if need be, and closes whatever happens."""

from collections.abc import Generator, Sequence
from typing import Any

import pytest
from _pytest.outcomes import Exit
from _pytest.runner import runtestprotocol

from ovs_contracts.report import summary
from ovs_contracts.report.encode import shown_text
from ovs_contracts.report.files import write
from ovs_contracts.report.model import Cause, Outcome, Report, Retry
from ovs_contracts.runner import checks, outcome
from ovs_contracts.runner.listener import LISTENER, RUN, NullListener, ProgressListener
from ovs_contracts.runner.options import Options
from ovs_contracts.runner.redacted_output import hide_secrets
from ovs_contracts.runner.run import Run
from ovs_contracts.targets.target import TargetError, UnavailableError
from ovs_contracts.transport.realtime import stopwatch

MOST_UNREACHED = 3
"""So many checks in a row that reached nobody end a run."""
ATTEMPT = pytest.StashKey[outcome.CheckAttempt]()


class RunnerPlugin:
    """A plugin of pytest. A run that it opens itself it also ends, and reports."""

    def __init__(self, config: pytest.Config) -> None:
        self.report: Report | None = None
        self._config = config
        self._owns = False
        self._waiting: list[pytest.Item] = []
        self._unread: list[str] = []
        self._unreached = 0

    @property
    def _run(self) -> Run:
        """The run of whoever started pytest, else one of our own."""
        if RUN not in self._config.stash:
            self._owns = True
            self._config.stash[RUN] = Run(Options.of(self._config))
        return self._config.stash[RUN]

    @property
    def _listener(self) -> ProgressListener:
        return self._config.stash.get(LISTENER, NullListener())

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._unread.append(f"{report.nodeid}: {str(report.longrepr).strip().splitlines()[-1]}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        items = [item for item in session.items if checks.is_check(item)]
        if not items or session.config.option.collectonly:
            return
        if not self._run.is_open:
            self._open()
        if self._unread:
            self._run.aborted = shown_text(f"the suite could not be read: {'; '.join(self._unread)}")
        done = {check.id for check in self._run.earlier}
        self._waiting = [item for item in items if checks.check_id(item) not in done]
        others = set(items).difference(self._waiting)
        session.items[:] = [item for item in session.items if item not in others]
        self._listener.begins(self._run, len(self._waiting))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        if item not in self._waiting:
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        self._listener.makes(checks.claim(item))
        reports = self._check(item, nextitem)
        for report in reports:
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[Any]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        hide_secrets(report)
        if attempt := item.stash.get(ATTEMPT, None):
            attempt.take(call, report)
        return report

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        # Also the way by which pytest ends a run that it was asked to end, and then it says why.
        told = isinstance(excinfo.value, pytest.Session.Interrupted | Exit)
        self._run.aborted = self._run.aborted or (str(excinfo.value) if told else "the run was interrupted")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self._run.aborted = f"the run failed: {outcome.first_line(excinfo.value)}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Whatever ended the checks: what they made goes first."""
        if RUN not in self._config.stash:
            return
        was_open = self._run.is_open
        self._run.close()
        for item in self._waiting:
            reason = self._run.aborted or str(session.shouldstop or session.shouldfail or "the run ended before")
            self._run.took(outcome.not_reached(item, reason))
        self._waiting.clear()
        if was_open and self._owns:
            self.report = self._run.finish()
            if self._run.options.report:
                write(self.report, self._run.options.report)
            # A run that checked nothing is not green; pytest's own word for that is that it found no tests.
            if summary.verdict(self.report) is summary.Verdict.UNCHECKED and session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED

    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter") -> None:
        if self.report is None:
            return
        terminalreporter.section("the contract of the Overshoot API")
        terminalreporter.line(f"{summary.headline(self.report)}: {summary.tally(self.report)}")
        for line in filter(None, (*self.report.notes, summary.spent(self.report))):
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

    def _check(self, item: pytest.Item, nextitem: pytest.Item | None) -> Sequence[pytest.TestReport]:
        """Make a check. Where others may disturb the target, one that failed amid trouble is made twice."""
        charges, started, cents = self._run.target.charges, stopwatch(), self._run.spent()
        attempt, reports = self._attempt(item, nextitem)
        retried: Retry | None = None
        if charges and attempt.left is None and attempt.failure and (trouble := attempt.trouble):
            retried = Retry(because=shown_text(trouble), message=outcome.first_line(attempt.failure))
            self._listener.tries_again(checks.claim(item), retried.because)
            attempt, reports = self._attempt(item, nextitem)
        free = checks.is_probe(item) and not self._run.target.controlled
        seconds, spent = stopwatch() - started, self._run.spent() - cents
        check = outcome.result(
            attempt, seconds=seconds, cents=spent, free_to_answer=free, retried=retried, lenient=charges
        )
        if check.outcome is Outcome.UNCHECKED and check.cause is not Cause.BROKEN:
            _excuse(reports, item, check.reason or "")
        self._waiting.remove(item)
        self._run.took(check)
        self._listener.made(check)
        self._count_unreached(item, attempt)
        return reports

    def _attempt(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> tuple[outcome.CheckAttempt, list[pytest.TestReport]]:
        session = self._run.session
        session.journal.clear()
        session.guards.refusal()
        self._run.makes(checks.check_id(item))
        attempt = item.stash[ATTEMPT] = outcome.CheckAttempt(item)
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        attempt.exchanges = list(session.journal.exchanges)
        if refusal := session.guards.refusal():
            attempt.errors.append(refusal)
        return attempt, reports

    def _count_unreached(self, item: pytest.Item, attempt: outcome.CheckAttempt) -> None:
        self._unreached = self._unreached + 1 if attempt.reached_nobody else 0
        if self._unreached >= MOST_UNREACHED:
            self._run.aborted = f"{self._run.target.origin} cannot be reached any more"
            item.session.shouldstop = self._run.aborted


def _excuse(reports: Sequence[pytest.TestReport], item: pytest.Item, reason: str) -> None:
    """Let pytest, too, say that a check was left: its failure says nothing about the contract."""
    for report in reports:
        if report.failed:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), item.location[1] or 0, f"Skipped: {reason}")
