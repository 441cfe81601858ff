"""The self-test: a representative part of it, end to end, and what it says when nothing can be said."""

import pytest
from ovs_contracts.mutation import child, self_test
from ovs_contracts.mutation.catalogue import drifts
from ovs_contracts.mutation.protocol import MutantRunResult
from ovs_contracts.mutation.results import MutantInfo, SelfTestError, SelfTestResult, Trial, TrialOutcome
from ovs_contracts.mutation.self_test import run_self_test
from ovs_contracts.report.model import CheckResult, Failure, Outcome, ReportedCall

# Of every hook that a drift can have, one whose part of the suite is quick.
CAUGHT = ("healthz-up", "metrics-missing", "readyz-always-ready", "sse-without-done", "root-models-missing")
UNSEEN = "pricing-wrapped"


@pytest.fixture(scope="module")
def result() -> tuple[SelfTestResult, list[tuple[str, int, int]]]:
    """What the part of the suite about the host's root makes of some drifts, one of which is about something else."""
    told: list[tuple[str, int, int]] = []
    made = run_self_test(
        (*CAUGHT, UNSEEN),
        jobs=2,
        seed=3,
        progress=lambda tried, done, total: told.append((tried.drift.name, done, total)),
        areas=["service"],
    )
    return made, told


def test_each_drift_is_noticed_by_a_check_that_is_named(
    result: tuple[SelfTestResult, list[tuple[str, int, int]]],
) -> None:
    made, _ = result
    killed = {tried.drift.name: tried for tried in made.killed}
    assert set(killed) == set(CAUGHT)
    assert killed["metrics-missing"].by == "service/test_health.py::test_metrics"
    assert all(tried.by and tried.message and tried.checks and tried.seconds for tried in killed.values())
    assert made.control_checks > 5


def test_one_that_nobody_notices_is_named_as_a_survivor(
    result: tuple[SelfTestResult, list[tuple[str, int, int]]],
) -> None:
    made, _ = result
    (survivor,) = made.survivors
    assert survivor.drift.name == UNSEEN
    assert survivor.by is None
    assert survivor.checks == made.control_checks
    assert made.kill_rate == pytest.approx(len(CAUGHT) / (len(CAUGHT) + 1))
    assert not made.passed


def test_progress_is_told_once_for_each(result: tuple[SelfTestResult, list[tuple[str, int, int]]]) -> None:
    made, told = result
    assert sorted(name for name, _, _ in told) == sorted(tried.drift.name for tried in made.tried)
    assert [(done, total) for _, done, total in told] == [(n, len(told)) for n in range(1, len(told) + 1)]
    # The result is in the order of what was asked for, whichever ended first.
    assert [tried.drift.name for tried in made.tried] == [*CAUGHT, UNSEEN]


def test_a_name_that_no_drift_has_gets_near_ones() -> None:
    with pytest.raises(SelfTestError, match="no drift 'sse-without-don': did you mean sse-without-done"):
        run_self_test(["sse-without-don"])
    assert len(drifts()) >= 140


def test_a_suite_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(SelfTestError, match="cannot be read"):
        run_self_test(["healthz-up"], jobs=1, areas=["nowhere"])


@pytest.mark.parametrize(
    ("control", "words"),
    [
        (
            MutantRunResult(fate=TrialOutcome.KILLED, by="a::check", message="no"),
            "does not pass on a mock without a drift.*a::check: no",
        ),
        (MutantRunResult(fate=TrialOutcome.UNTRIED, message="no mock"), "it could not be run: no mock"),
        (MutantRunResult(fate=TrialOutcome.SURVIVED, checks=3, passed=0), "no check could be made"),
    ],
)
def test_without_a_control_that_passes_nothing_is_said(control: MutantRunResult, words: str) -> None:
    with pytest.raises(SelfTestError, match=words):
        self_test._passed(control)


def test_a_run_that_crashes_or_hangs_is_no_kill() -> None:
    drift = MutantInfo(name="a", area="b", description="c")
    tried = Trial(drift=drift, fate=TrialOutcome.UNTRIED, message="no end after 1 s")
    made = SelfTestResult(tried=(tried,), control_checks=1, seconds=1.0)
    assert made.untried == (tried,)
    assert (made.kill_rate, made.passed) == (0.0, False)


def test_runs_that_take_too_long_are_ended() -> None:
    with pytest.raises(SelfTestError, match="no end after"):
        run_self_test(["healthz-up"], jobs=1, areas=["service"], timeout=0.5)


def test_a_bug_of_the_mock_is_no_kill() -> None:
    def failed(status: int, body: str) -> CheckResult:
        call = ReportedCall(curl="", method="GET", path="/", status=status, headers={}, body=body, seconds=0.0)
        failure = Failure(message="no", calls=(call,))
        return CheckResult(
            id="a",
            area="b",
            claim="c",
            parity="documented",
            source="d",
            outcome=Outcome.DRIFTED,
            seconds=0.1,
            failure=failure,
        )

    assert child.outcomes([failed(500, '{"detail": "Model failed"}')], None).fate is TrialOutcome.KILLED
    assert child.outcomes([failed(500, '{"detail": "The mock failed; see"}')], None).fate is TrialOutcome.UNTRIED
    assert child.outcomes([failed(404, '{"detail": "The mock failed; see"}')], None).fate is TrialOutcome.KILLED
    assert child.outcomes([], "the target cannot be reached").fate is TrialOutcome.UNTRIED
    assert child.outcomes([], None).fate is TrialOutcome.SURVIVED
