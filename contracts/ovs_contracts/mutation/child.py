"""One run of the suite against a mock that drifts, in a process of its own; the first check that notices ends it."""

from contextlib import suppress

import pytest

from ovs_contracts.mutation.check_order import CheckOrder
from ovs_contracts.mutation.protocol import MutantRun, MutantRunResult
from ovs_contracts.mutation.results import TrialOutcome
from ovs_contracts.report.model import CheckResult, Outcome
from ovs_contracts.runner.listener import LISTENER, RUN, NullListener
from ovs_contracts.runner.options import Options
from ovs_contracts.runner.run import Run

# What the mock, and the library that it is built on, say of their own bugs.
BUGS = ("The mock failed", "Server got itself in trouble")


class _Watcher(NullListener):
    """Ends the run when a check has noticed something, unless all checks are wanted."""

    def __init__(self, session: pytest.Session, *, to_the_end: bool) -> None:
        self._session = session
        self._to_the_end = to_the_end
        self.made_checks: list[CheckResult] = []

    def made(self, check: CheckResult) -> None:
        self.made_checks.append(check)
        if check.outcome is Outcome.DRIFTED and not self._to_the_end:
            self._session.shouldstop = "noticed"


def run(session: pytest.Session, job: MutantRun, order: CheckOrder) -> MutantRunResult:
    """Make the collected checks against a mock with the job's drift, the most promising ones first.

    The run is left open: the process ends with it, and whoever made the process ends the mock.
    """
    watcher = _Watcher(session, to_the_end=job.drift is None)
    run = Run(Options(drift=job.drift.name if job.drift else None, seed=job.seed))
    session.config.stash[RUN] = run
    session.config.stash[LISTENER] = watcher
    if job.drift is not None:
        session.items[:] = order.of(job.drift)
    run.open()
    with suppress(pytest.Session.Interrupted):
        session.config.hook.pytest_runtestloop(session=session)
    return outcomes(watcher.made_checks, run.aborted)


def outcomes(made: list[CheckResult], aborted: str | None) -> MutantRunResult:
    """What the checks of a run, in the order in which they were made, say about its drift."""
    drifted = [check for check in made if check.outcome is Outcome.DRIFTED]
    passed = sum(check.outcome in (Outcome.HOLDS, Outcome.ANSWERED) for check in made)
    if drifted:
        first = drifted[0]
        message = first.failure.message if first.failure else None
        fate = TrialOutcome.UNTRIED if _is_of_the_mock(first) else TrialOutcome.KILLED
        return MutantRunResult(fate=fate, by=first.id, message=message, checks=len(made), passed=passed)
    if aborted is not None:
        return MutantRunResult(fate=TrialOutcome.UNTRIED, message=aborted, checks=len(made), passed=passed)
    return MutantRunResult(fate=TrialOutcome.SURVIVED, checks=len(made), passed=passed)


def _is_of_the_mock(check: CheckResult) -> bool:
    """Whether what was noticed is a bug of the mock or of the drift: that anybody would notice."""
    failure = check.failure
    calls = () if failure is None else failure.calls
    return any(call.status == 500 and any(word in call.body for word in BUGS) for call in calls)
