"""The self-test: a representative part of it, end to end, and its errors."""

import pytest
from ovs_contracts.mutation import child, self_test
from ovs_contracts.mutation.catalogue import mutants
from ovs_contracts.mutation.results import MutantInfo, SelfTestError, SelfTestResult, Trial, TrialOutcome, TrialResult
from ovs_contracts.mutation.self_test import run_self_test
from ovs_contracts.report.model import CheckResult, Failure, Outcome, ReportedCall

# A mutant for every hook that a mutant can have, whose part of the suite is quick.
CAUGHT = ("healthz-up", "metrics-missing", "readyz-always-ready", "sse-without-done", "root-models-missing")
UNSEEN = "pricing-wrapped"


@pytest.fixture(scope="module")
def result() -> tuple[SelfTestResult, list[tuple[str, int, int]]]:
    """A self-test of the service area with some mutants, one of which belongs to another area."""
    reported: list[tuple[str, int, int]] = []
    made = run_self_test(
        (*CAUGHT, UNSEEN),
        jobs=2,
        seed=3,
        progress=lambda trial, done, total: reported.append((trial.mutant.name, done, total)),
        areas=["service"],
    )
    return made, reported


def test_each_mutant_is_noticed_by_a_check_that_is_named(
    result: tuple[SelfTestResult, list[tuple[str, int, int]]],
) -> None:
    made, _ = result
    killed = {trial.mutant.name: trial for trial in made.killed}
    assert set(killed) == set(CAUGHT)
    assert killed["metrics-missing"].by == "service/test_health.py::test_metrics"
    assert all(trial.by and trial.message and trial.checks and trial.seconds for trial in killed.values())
    assert made.control_checks > 5


def test_one_that_nobody_notices_is_named_as_a_survivor(
    result: tuple[SelfTestResult, list[tuple[str, int, int]]],
) -> None:
    made, _ = result
    (survivor,) = made.survivors
    assert survivor.mutant.name == UNSEEN
    assert survivor.by is None
    assert survivor.checks == made.control_checks
    assert made.kill_rate == pytest.approx(len(CAUGHT) / (len(CAUGHT) + 1))
    assert not made.passed


def test_progress_is_reported_once_for_each(result: tuple[SelfTestResult, list[tuple[str, int, int]]]) -> None:
    made, reported = result
    assert sorted(name for name, _, _ in reported) == sorted(trial.mutant.name for trial in made.trials)
    assert [(done, total) for _, done, total in reported] == [(n, len(reported)) for n in range(1, len(reported) + 1)]
    # The result has the order of the names, whichever run ended first.
    assert [trial.mutant.name for trial in made.trials] == [*CAUGHT, UNSEEN]


def test_a_name_that_no_mutant_has_gets_near_ones() -> None:
    with pytest.raises(SelfTestError, match="no mutant 'sse-without-don': did you mean sse-without-done"):
        run_self_test(["sse-without-don"])
    assert len(mutants()) >= 140


def test_a_suite_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(SelfTestError, match="cannot be read"):
        run_self_test(["healthz-up"], jobs=1, areas=["nowhere"])


@pytest.mark.parametrize(
    ("control", "words"),
    [
        (
            TrialResult(outcome=TrialOutcome.KILLED, by="a::check", message="no"),
            "does not pass on the unchanged mock.*a::check: no",
        ),
        (TrialResult(outcome=TrialOutcome.INCONCLUSIVE, message="no mock"), "it could not be run: no mock"),
        (TrialResult(outcome=TrialOutcome.SURVIVED, checks=3, passed=0), "no check could be executed"),
    ],
)
def test_without_a_control_that_passes_there_is_no_result(control: TrialResult, words: str) -> None:
    with pytest.raises(SelfTestError, match=words):
        self_test._passed_checks(control)


def test_a_run_that_crashes_or_hangs_is_no_kill() -> None:
    mutant = MutantInfo(name="a", area="b", description="c")
    trial = Trial(mutant=mutant, outcome=TrialOutcome.INCONCLUSIVE, message="no end after 1 s")
    made = SelfTestResult(trials=(trial,), control_checks=1, seconds=1.0)
    assert made.inconclusive == (trial,)
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

    assert child.trial_result([failed(500, '{"detail": "Model failed"}')], None).outcome is TrialOutcome.KILLED
    assert (
        child.trial_result([failed(500, '{"detail": "The mock failed; see"}')], None).outcome
        is TrialOutcome.INCONCLUSIVE
    )
    assert child.trial_result([failed(404, '{"detail": "The mock failed; see"}')], None).outcome is TrialOutcome.KILLED
    assert child.trial_result([], "the target cannot be reached").outcome is TrialOutcome.INCONCLUSIVE
    assert child.trial_result([], None).outcome is TrialOutcome.SURVIVED
