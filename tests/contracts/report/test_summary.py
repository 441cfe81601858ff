"""What a report comes to."""

import pytest
from ovs_contracts.report import summary
from ovs_contracts.report.model import Cause, CheckResult, Outcome, Report
from ovs_contracts.report.summary import EXIT_CODES, Verdict
from ovs_support.reports import ANSWERED, DRIFTED, EVERYTHING, LIMITED, check, report


def left(cause: Cause, area: str = "v1") -> CheckResult:
    return check(cause.name, Outcome.UNCHECKED, area, cause=cause, reason=cause.value)


HELD = check("one")


@pytest.mark.parametrize(
    ("reported", "verdict"),
    [
        (report(HELD), Verdict.HOLDS),
        (report(HELD, LIMITED, left(Cause.CANNOT, "v02")), Verdict.HOLDS),
        (report(HELD, left(Cause.BUDGET), left(Cause.UNAVAILABLE)), Verdict.HOLDS),
        (report(HELD, DRIFTED), Verdict.DRIFT),
        (report(DRIFTED, aborted="the run was interrupted"), Verdict.DRIFT),
        (report(), Verdict.UNCHECKED),
        (report(LIMITED, ANSWERED), Verdict.UNCHECKED),
        (report(HELD, aborted="the run was interrupted"), Verdict.UNCHECKED),
        (report(HELD, left(Cause.BUDGET, "v02")), Verdict.UNCHECKED),
        (report(HELD, left(Cause.UNAVAILABLE, "billing")), Verdict.UNCHECKED),
        (report(HELD, left(Cause.BROKEN)), Verdict.UNCHECKED),
    ],
)
def test_a_run_is_green_only_when_it_checked_what_it_could(reported: Report, verdict: Verdict) -> None:
    assert summary.verdict(reported) is verdict
    assert EXIT_CODES == {Verdict.HOLDS: 0, Verdict.DRIFT: 1, Verdict.UNCHECKED: 3}


@pytest.mark.parametrize(
    ("reported", "words"),
    [
        (report(HELD), "The contract holds"),
        (report(DRIFTED), "1 claim drifted"),
        (report(DRIFTED, DRIFTED, aborted="the run was interrupted"), "2 claims drifted; and the run was interrupted"),
        (report(), "Could not check: nothing was checked"),
        (report(HELD, left(Cause.BUDGET, "v02")), "Could not check: nothing was checked in v02"),
        (report(aborted="the run was interrupted"), "Could not check: the run was interrupted"),
    ],
)
def test_the_headline(reported: Report, words: str) -> None:
    assert summary.headline(reported) == words


def test_the_totals_and_the_groups() -> None:
    assert summary.totals(EVERYTHING) == "2 hold, 2 drifted, 1 open questions answered, 1 could not be checked"
    assert list(summary.by_area(EVERYTHING.checks)) == ["probes", "v02", "v1"]
    assert list(summary.by_reason(report(left(Cause.CANNOT), LIMITED, LIMITED))) == ["waits too long", "cannot"]
    assert [answer.rows for _, answer in summary.answered(EVERYTHING)] == [("2",), ("14",)]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.04, "0.0 s"), (59.94, "59.9 s"), (83.4, "1 min 23 s"), (7260, "2 h 1 min")]
)
def test_durations(seconds: float, words: str) -> None:
    assert summary.duration(seconds) == words


def test_the_spend() -> None:
    text = "about 1.23 of 20 cents; the balance went from 500.00 to 498.80 cents"
    assert summary.spent(EVERYTHING) == text
    assert summary.spent(report(spend=None)) is None
