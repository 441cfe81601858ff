"""One run of the suite against a mutant, in a process of its own. The first check that notices the mutant ends it."""

from contextlib import suppress

import pytest

from ovs_contracts.mutation.check_order import CheckOrder
from ovs_contracts.mutation.results import TrialOutcome, TrialResult, TrialRun
from ovs_contracts.report.model import CheckResult, Outcome
from ovs_contracts.runner.options import Options
from ovs_contracts.runner.progress import Progress
from ovs_contracts.runner.pytest_plugin import RUN
from ovs_contracts.runner.run import Run

# Error messages of the mock, and of the library below it, about their own bugs.
BUG_MESSAGES = ("The mock failed", "Server got itself in trouble")


class _StopWhenNoticed(Progress):
    """Ends pytest's session with the first check that drifted."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session

    def finish_check(self, check: CheckResult, spent_cents: float | None) -> None:
        if check.outcome is Outcome.DRIFTED:
            self._session.shouldstop = "noticed"


def run_trial(session: pytest.Session, trial: TrialRun, order: CheckOrder) -> TrialResult:
    """Execute the collected checks against a mutant, the most promising ones first, or all of them for the control run.

    The run stays open: the process ends with it, and the host ends the mock.
    """
    options = Options(mutant=trial.mutant.name if trial.mutant else None, seed=trial.seed)
    run = session.config.stash[RUN] = Run(options, progress=_StopWhenNoticed(session) if trial.mutant else None)
    if trial.mutant is not None:
        session.items[:] = order.for_mutant(trial.mutant)
    run.open()
    with suppress(pytest.Session.Interrupted):
        session.config.hook.pytest_runtestloop(session=session)
    return trial_result(run.results, run.aborted)


def trial_result(checks: list[CheckResult], aborted: str | None) -> TrialResult:
    """What the results of a run, in the order of execution, say about its mutant."""
    passed = sum(check.outcome in (Outcome.HOLDS, Outcome.ANSWERED) for check in checks)
    drifted = next((check for check in checks if check.outcome is Outcome.DRIFTED), None)
    outcome, by, message = TrialOutcome.SURVIVED, None, None
    if drifted:
        outcome = TrialOutcome.INCONCLUSIVE if _is_bug_of_the_mock(drifted) else TrialOutcome.KILLED
        by, message = drifted.id, drifted.failure.message if drifted.failure else None
    elif aborted is not None:
        outcome, message = TrialOutcome.INCONCLUSIVE, aborted
    return TrialResult(outcome=outcome, by=by, message=message, checks=len(checks), passed=passed)


def _is_bug_of_the_mock(check: CheckResult) -> bool:
    """Whether the check failed because the mock, or the mutant, has a bug that any check would notice."""
    calls = () if check.failure is None else check.failure.calls
    return any(call.status == 500 and any(message in call.body for message in BUG_MESSAGES) for call in calls)
