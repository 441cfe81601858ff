"""``Run``: everything that belongs to one run of the suite."""

import atexit
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from ovs_contracts.client.preflight import TargetFacts, balance_cents, read_target_facts
from ovs_contracts.client.session import TargetSession, open_session
from ovs_contracts.documents.suite_version import python_version, suite_version
from ovs_contracts.recordings.recorder import TranscriptRecorder, recorded
from ovs_contracts.report.encode import redacted_text
from ovs_contracts.report.files import write
from ovs_contracts.report.model import Cause, CheckResult, Outcome, Report, Retry, RunInfo, Spend
from ovs_contracts.runner.attempt import CheckAttempt, check_result, first_line
from ovs_contracts.runner.checks import Check
from ovs_contracts.runner.options import Options
from ovs_contracts.runner.progress import Progress
from ovs_contracts.runner.resume_file import ResumeFile
from ovs_contracts.safety.cleanup import clean_up
from ovs_contracts.safety.limits import SafetyLimits, limits_for_charging_target
from ovs_contracts.safety.state_folder import state_folder
from ovs_contracts.safety.stream_file import StreamFile
from ovs_contracts.targets.choice import open_target
from ovs_contracts.targets.target import Target, TargetError
from ovs_contracts.transport.realtime import stopwatch, utc

MAX_UNREACHABLE = 3
"""So many checks in a row that reached nothing end a run."""


class Run:
    """Owns one run: its target, session, safety limits, results, progress output, recording and report.

    It knows nothing of pytest: ``pytest_plugin`` opens it, lets it execute one check after the other, and finishes it.
    ``with Run(options) as run`` opens it, and closes it however the block ends.
    """

    def __init__(
        self,
        options: Options,
        *,
        progress: Progress | None = None,
        selection: str | None = None,
        resumable: bool = True,
    ) -> None:
        self.options = options
        self.progress = progress or Progress()
        self.results: list[CheckResult] = []
        """Of this run, and of an interrupted one that it continues."""
        self.notes: list[str] = []
        self.aborted: str | None = None
        """Why the run ended early."""
        self._selection = selection
        self._resumable = resumable
        self._started = stopwatch()
        self._started_at = utc()
        self._stack = ExitStack()
        self._target: Target | None = None
        self._session: TargetSession | None = None
        self._facts = TargetFacts()
        self._limits = SafetyLimits()
        self._stream_file: StreamFile | None = None
        self._resume_file: ResumeFile | None = None
        self._recorder: TranscriptRecorder | None = None
        self._pending: list[Check] = []
        self._unreachable_checks = 0

    @property
    def target(self) -> Target:
        assert self._target is not None, "the run is not open"
        return self._target

    @property
    def session(self) -> TargetSession:
        assert self._session is not None, "the run is not open"
        return self._session

    @property
    def is_open(self) -> bool:
        return self._session is not None

    @property
    def is_unreachable(self) -> bool:
        """Whether the target has gone, so that further checks would find nothing out."""
        return self._unreachable_checks >= MAX_UNREACHABLE

    @property
    def spent_cents(self) -> float | None:
        """The estimate until now; ``None`` where nothing is charged."""
        return self._limits.budget.meter.spent if self._limits.budget else None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def open(self) -> None:
        """Choose the target, check that it answers, and end the streams that earlier runs left.

        Raises:
            TargetError: The options do not fit the target.
            UnavailableError: The target does not answer, or refuses the key.
        """
        options = self.options
        with ExitStack() as stack:
            target = open_target(options.target, options.seed, options.mutant, ca_bundle=options.ca_bundle)
            self._target = stack.enter_context(target)
            self._require_usable_options()
            self._facts = read_target_facts(self.target)
            folder = None if self.target.name == "mock" else state_folder(options.report)
            if folder and self.target.charges:
                self._limit_spending(folder, stack)
            self._session = stack.enter_context(open_session(self.target, self._limits))
            if folder:
                self._continue_from(folder)
            if options.record:
                self._recorder = stack.enter_context(recorded(self.session, options.record))
            self._stack = stack.pop_all()
        # For an end that pytest does not see, such as an exit in the middle of a check.
        atexit.register(self.close)

    def close(self) -> None:
        """End every stream that is left, and stop or leave the target. Closing twice is allowed."""
        if not self.is_open:
            return
        atexit.unregister(self.close)
        self._stack.close()
        self._session = None
        if self._stream_file and self._stream_file.open_ids:
            self.notes.append(
                f"{len(self._stream_file.open_ids)} streams could not be ended; the next run ends them, "
                "and so does ovs-contracts clean-up"
            )

    def begin(self, checks: Sequence[Check]) -> set[str]:
        """Announce the checks; returns the ids of those that an interrupted run has not executed yet."""
        done = {result.id for result in self.results}
        self._pending = [check for check in checks if check.id not in done]
        self.progress.begin(self.target.name, len(self._pending))
        return {check.id for check in self._pending}

    @contextmanager
    def admit(self, check: Check) -> Iterator[None]:
        """Count the cost of a check while this block runs.

        Raises:
            NotAllowedError: The target lacks what the check needs, or a limit of the run forbids it.
        """
        if reason := check.skip_reason(self.target, self.options):
            raise reason
        budget = self._limits.budget
        if budget is None:
            yield
            return
        budget.require(check.costs_cents)
        with budget.check(check.costs_cents):
            yield

    def execute(self, check: Check, attempt: Callable[[], CheckAttempt]) -> CheckResult:
        """Execute a check by calling ``attempt``; twice, where a target that others use too was out of order."""
        self.progress.start_check(check.claim)
        started, cents, charges = stopwatch(), self.spent_cents or 0.0, self.target.charges
        last = self._attempt(check, attempt)
        retry: Retry | None = None
        if charges and last.failure and (trouble := last.transient_error):
            retry = Retry(because=redacted_text(trouble), message=first_line(last.failure))
            self.progress.retry(check.claim, retry.because)
            last = self._attempt(check, attempt)
        result = last.result(
            check,
            seconds=stopwatch() - started,
            cents=(self.spent_cents or 0.0) - cents,
            open_question=check.probe is not None and not self.target.controlled,
            retry=retry,
            lenient=charges,
        )
        self._pending.remove(check)
        self._add(result)
        self.progress.finish_check(result, self.spent_cents)
        self._unreachable_checks = self._unreachable_checks + 1 if last.is_unreachable else 0
        if self.is_unreachable:
            self.aborted = f"{self.target.origin} cannot be reached any more"
        return result

    def end(self, reason: str) -> None:
        """Close the run, and report the checks that it did not come to."""
        self.close()
        for check in self._pending:
            self._add(check_result(check, Outcome.UNCHECKED, cause=Cause.NOT_REACHED, reason=self.aborted or reason))
        self._pending.clear()

    def finish(self) -> Report:
        """Close the run, and write its report to the folder of the options, if they name one."""
        self.close()
        report = Report(
            about=self._about(),
            checks=tuple(self.results),
            spend=self._spend(),
            aborted=self.aborted,
            notes=tuple(self.notes),
        )
        if self._resume_file:
            self._resume_file.end(done=report.aborted is None and not (report.spend and report.spend.ended))
        if self.options.report:
            write(report, self.options.report)
        return report

    def _attempt(self, check: Check, attempt: Callable[[], CheckAttempt]) -> CheckAttempt:
        session = self.session
        session.exchange_log.clear()
        session.limits.take_refusal()
        if self._recorder:
            self._recorder.mark(check.id)
        current = attempt()
        current.exchanges = list(session.exchange_log.exchanges)
        if refusal := session.limits.take_refusal():
            current.errors.append(refusal)
        return current

    def _add(self, result: CheckResult) -> None:
        self.results.append(result)
        if self._resume_file:
            self._resume_file.add(result)

    def _require_usable_options(self) -> None:
        target, options = self.target, self.options
        if target.charges and options.budget_cents is None:
            flag = options.flag("budget_cents")
            raise TargetError(f"{target.origin} charges money: say how much may be spent, in cents, with {flag}=50")
        if options.resume and target.name == "mock":
            flag = options.flag("resume")
            raise TargetError(f"a mock that a run starts itself has no earlier run to go on with: drop {flag}")

    def _limit_spending(self, folder: Path, stack: ExitStack) -> None:
        self._stream_file = StreamFile(folder, self.target.origin)
        stack.callback(self._stream_file.close)
        self._limits = limits_for_charging_target(
            budget_cents=self.options.budget_cents or 0.0,
            max_streams=self.options.max_streams,
            prices=self._facts.prices,
            store=self._stream_file,
        )

    def _continue_from(self, folder: Path) -> None:
        """End what earlier runs left behind, and take over the results of one that was interrupted."""
        keys = [key for key in (self.target.api_key, self.target.second_key) if key]
        if cleaned := clean_up(folder, self.target.origin, keys, self.session.delete):
            self.notes.append(f"{cleaned}".capitalize())
        if not self._resumable:
            return
        self._resume_file = ResumeFile(folder, self.target.origin, suite_version())
        if self.options.resume:
            self.results = self._resume_file.earlier()
            self.notes.append(
                f"Goes on with an earlier run, which had done {len(self.results)} checks"
                if self.results
                else "There was no earlier run of this suite to go on with"
            )
        self._resume_file.begin(self.results)

    def _about(self) -> RunInfo:
        target = self.target
        return RunInfo(
            target=target.name,
            origin=target.origin,
            suite=suite_version(),
            python=python_version(),
            server=self._facts.server,
            started_at=self._started_at,
            seconds=round(stopwatch() - self._started, 3),
            seed=self.options.seed,
            selection=self._selection,
            mutant=self.options.mutant,
        )

    def _spend(self) -> Spend | None:
        budget = self._limits.budget
        if budget is None:
            return None
        return Spend(
            budget=budget.limit_cents,
            estimated=round(budget.meter.spent, 6),
            earlier=round(sum(result.cents for result in self.results if result.earlier), 4),
            balance_before=self._facts.balance_cents,
            balance_after=balance_cents(self.target),
            ended=budget.stopped_by,
        )
