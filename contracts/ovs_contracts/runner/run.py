"""A run: its target, all that watches it, and what has been found out until now."""

import atexit
from contextlib import ExitStack
from pathlib import Path

from ovs_contracts.client.preflight import TargetFacts, balance_cents, looked_at
from ovs_contracts.client.session import TargetSession, opened
from ovs_contracts.documents.suite_version import python_version, suite_version
from ovs_contracts.recordings.recorder import TranscriptRecorder, recorded
from ovs_contracts.report.model import CheckResult, Report, RunInfo, Spend
from ovs_contracts.runner.options import Options
from ovs_contracts.runner.state import ResumeFile
from ovs_contracts.safety.cleanup import clean_up
from ovs_contracts.safety.limits import SafetyLimits, guards_for_money
from ovs_contracts.safety.state_folder import state_folder
from ovs_contracts.safety.stream_file import StreamFile
from ovs_contracts.targets.choice import chosen
from ovs_contracts.targets.target import Target, TargetError
from ovs_contracts.transport.realtime import stopwatch, utc


class Run:
    """Opened before the first check, and closed behind the last one or whatever ended the run."""

    def __init__(self, options: Options, selection: str | None = None, *, resumable: bool = True) -> None:
        self.options = options
        self.results: list[CheckResult] = []
        self.earlier: list[CheckResult] = []
        self.notes: list[str] = []
        self.aborted: str | None = None
        self._selection = selection
        self._resumable = resumable
        self._started = stopwatch()
        self._started_at = utc()
        self._stack = ExitStack()
        self._target: Target | None = None
        self._session: TargetSession | None = None
        self._memory: StreamFile | None = None
        self._progress: ResumeFile | None = None
        self._recorder: TranscriptRecorder | None = None
        self._facts = TargetFacts()
        self._guards = SafetyLimits()

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

    def open(self) -> None:
        """A TargetError when the target cannot be used so, or not be reached."""
        options = self.options
        with ExitStack() as stack:
            target = chosen(options.target, options.seed, options.drift, ca_bundle=options.ca_bundle)
            self._target = stack.enter_context(target)
            self._prepare(stack)
            if options.record:
                self._recorder = stack.enter_context(recorded(self.session, options.record))
            self._stack = stack.pop_all()
        # For an end that pytest does not see, such as an exit in the middle of a check.
        atexit.register(self.close)

    def close(self) -> None:
        """End every stream that is left, and let the target go. Again does nothing."""
        if not self.is_open:
            return
        atexit.unregister(self.close)
        self._stack.close()
        self._session = None
        if self._memory and self._memory.left:
            self.notes.append(
                f"{len(self._memory.left)} streams could not be ended; the next run ends them, "
                "and so does ovs-contracts clean-up"
            )

    def makes(self, check: str) -> None:
        """A check begins, for whoever reads a recording."""
        if self._recorder:
            self._recorder.mark(check)

    def took(self, check: CheckResult) -> None:
        """One more check is done."""
        self.results.append(check)
        if self._progress:
            self._progress.add(check)

    @property
    def charges(self) -> bool:
        """Whether it spends money."""
        return self._guards.budget is not None

    def spent(self) -> float:
        """Cents until now, about."""
        return self._guards.budget.meter.spent if self._guards.budget else 0.0

    def finish(self) -> Report:
        """Close the run, and say what it found out."""
        self.close()
        report = Report(
            about=self._about(),
            checks=(*self.earlier, *self.results),
            spend=self._spend(),
            aborted=self.aborted,
            notes=tuple(self.notes),
        )
        if self._progress:
            self._progress.end(done=report.aborted is None and not (report.spend and report.spend.ended))
        return report

    def _prepare(self, stack: ExitStack) -> None:
        target, options = self.target, self.options
        if target.charges and options.budget_cents is None:
            flag = options.flag("budget_cents")
            raise TargetError(f"{target.origin} charges money: say how much may be spent, in cents, with {flag}=50")
        if options.resume and target.name == "mock":
            raise TargetError(
                f"a mock that a run starts itself has no earlier run to go on with: drop {options.flag('resume')}"
            )
        self._facts = looked_at(target)
        if target.name == "mock":
            self._session = stack.enter_context(opened(target, self._guards))
            return
        folder = state_folder(options.report)
        if target.charges:
            self._memory = StreamFile(folder, target.origin)
            stack.callback(self._memory.close)
            self._guards = guards_for_money(
                budget_cents=options.budget_cents or 0.0,
                max_streams=options.max_streams,
                prices=self._facts.prices,
                memory=self._memory,
            )
        self._session = stack.enter_context(opened(target, self._guards))
        self._clean_up(folder)
        if self._resumable:
            self._go_on(folder)

    def _clean_up(self, folder: Path) -> None:
        """End what earlier runs left behind, first of all."""
        keys = [key for key in (self.target.api_key, self.target.second_key) if key]
        cleaned = clean_up(folder, self.target.origin, keys, self.session.delete)
        if cleaned:
            self.notes.append(f"{cleaned}".capitalize())

    def _go_on(self, folder: Path) -> None:
        self._progress = ResumeFile(folder, self.target.origin, suite_version())
        if self.options.resume:
            self.earlier = self._progress.earlier()
            self.notes.append(
                f"Goes on with an earlier run, which had done {len(self.earlier)} checks"
                if self.earlier
                else "There was no earlier run of this suite to go on with"
            )
        self._progress.begin(self.earlier)

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
            drift=self.options.drift,
        )

    def _spend(self) -> Spend | None:
        budget = self._guards.budget
        if budget is None:
            return None
        return Spend(
            budget=budget.limit_cents,
            estimated=round(budget.meter.spent, 6),
            earlier=round(sum(check.cents for check in self.earlier), 4),
            balance_before=self._facts.balance_cents,
            balance_after=balance_cents(self.target),
            ended=budget.ended,
        )
