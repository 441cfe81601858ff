"""Runs of small suites under pytest, against a server whose answers the test sets."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# pytester forgets what is first imported in a run, and libraries in C do not like to be imported twice.
import yaml  # noqa: F401
from ovs_contracts.suite import conftest  # noqa: F401
from ovs_support.answering import Answering, answering

HEAD = """
import contextlib
import pytest
from ovs_contracts.runner.marks import costs, documented, mock_only, needs, passes_time, probe, streams
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import ControlError
from ovs_contracts.transport.exchange import hold
"""
CHECK = (
    HEAD
    + '''
@documented("the toy")
def test_toy(http):
    """The toy answers."""
    http("GET", "/toy", key="ovs-key").expect(200)
'''
)

Suite = Callable[..., "tuple[pytest.RunResult, dict[str, Any]]"]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Answering]:
    monkeypatch.setenv("OVERSHOOT_API_KEY", "ovs-key-of-the-run")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for pause in ("client.preflight", "safety.pacing", "safety.cleanup"):
        monkeypatch.setattr(f"ovs_contracts.{pause}.wait", lambda _: None)
    monkeypatch.setattr("ovs_contracts.safety.pacing.CALLS_PER_SECOND", 1e6)
    with answering() as server:
        server.statuses["/toy"] = [200]
        yield server


@pytest.fixture
def suite(pytester: pytest.Pytester, server: Answering) -> Suite:
    """Runs checks; returns pytest's result and the report."""

    def run(source: str, *options: str, budget: str = "--ovs-budget-cents=50") -> Any:
        folder = pytester.path / "checks"
        folder.mkdir(exist_ok=True)
        (folder / "conftest.py").write_text("from ovs_contracts.suite.conftest import *")
        (folder / "test_area.py").write_text(source)
        arguments = [
            ".",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:randomly",
            "-o",
            "asyncio_default_fixture_loop_scope=function",
            f"--ovs-target={server.origin}",
            "--ovs-report=report",
            budget,
            *options,
        ]
        result = pytester.runpytest_inprocess(*filter(None, arguments), no_reraise_ctrlc=True)
        report = pytester.path / "report" / "report.json"
        return result, json.loads(report.read_text()) if report.exists() else {}

    return run


def test_the_report_shows_what_holds_and_what_drifted(suite: Suite, server: Answering) -> None:
    wrong = HEAD + (
        "@documented('the toy')\n"
        "def test_wrong(http):\n"
        "    '''The toy is round.'''\n"
        "    hold('its shape', expected='round', seen='square', exchange=http('GET', '/toy', key='ovs-key'))\n"
    )
    result, report = suite(CHECK + wrong)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["1 claim drifted: 1 hold, 1 drifted", "about 0.00 of 50 cents"])
    held, drifted = report["checks"]
    assert report["verdict"] == "drift"
    assert held["claim"] == "The toy answers."
    assert (held["parity"], held["source"], held["outcome"]) == ("documented", "the toy", "holds")
    failure = drifted["failure"]
    assert (failure["claim"], failure["expected"], failure["seen"]) == ("its shape", "round", "square")
    assert failure["call"]["curl"] == (
        f'curl -i -X GET {server.origin}/toy -H "authorization: Bearer $OVERSHOOT_API_KEY"'
    )
    assert len(failure["calls"]) == 1
    assert "ovs-key" not in json.dumps(report)


@pytest.mark.parametrize("trouble", [503, 500, 502])
def test_a_check_that_fails_with_a_transient_error_is_executed_again(
    suite: Suite, server: Answering, trouble: int
) -> None:
    server.statuses["/toy"] = [trouble, 200]
    result, report = suite(CHECK)
    result.assert_outcomes(passed=1)
    (check,) = report["checks"]
    assert check["outcome"] == "holds"
    assert check["retry"]["because"] == f"{trouble} from GET /toy"
    assert report["verdict"] == "holds"


def test_a_target_that_stays_out_of_order_could_not_be_checked(suite: Suite, server: Answering) -> None:
    server.statuses["/toy"] = [503]
    result, report = suite(CHECK)
    result.assert_outcomes(skipped=1)
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED, "nothing was checked, and that is not green"
    (check,) = report["checks"]
    assert (check["cause"], check["reason"]) == ("unavailable", "the target was out of order")
    assert report["verdict"] == "could not check"


def test_an_error_that_comes_again_is_a_drift(suite: Suite, server: Answering) -> None:
    server.statuses["/toy"] = [500]
    _, report = suite(CHECK)
    (check,) = report["checks"]
    assert check["outcome"] == "drifted"
    assert check["retry"]
    assert server.asked.count("GET /toy") == 2


def test_a_failure_without_a_transient_error_is_not_retried(suite: Suite, server: Answering) -> None:
    server.statuses["/toy"] = [404]
    _, report = suite(CHECK)
    (check,) = report["checks"]
    assert (check["outcome"], check["retry"]) == ("drifted", None)
    assert server.asked.count("GET /toy") == 1


def test_an_account_without_credits_could_not_be_checked(suite: Suite, server: Answering) -> None:
    server.statuses["/toy"] = [402]
    _, report = suite(CHECK)
    assert report["checks"][0]["reason"] == "the account has run out of credits"
    assert report["verdict"] == "could not check"


def test_a_target_that_has_gone_ends_the_run(suite: Suite) -> None:
    gone = HEAD + (
        "@pytest.mark.parametrize('n', range(6))\n"
        "@documented('the toy')\n"
        "def test_gone(n, target):\n"
        "    '''The toy is there.'''\n"
        "    import httpx\n"
        "    httpx.get('http://127.0.0.1:9/')\n"
    )
    _, report = suite(gone)
    assert report["aborted"].endswith("cannot be reached any more")
    assert [check["cause"] for check in report["checks"]] == ["unavailable"] * 3 + ["not reached"] * 3


def test_a_target_that_charges_is_not_called_without_a_budget(suite: Suite, server: Answering) -> None:
    result, report = suite(CHECK, budget="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *charges money*--ovs-budget-cents=50"])
    assert report == {}
    assert [asked for asked in server.asked if "_mock" not in asked] == []


def test_a_target_that_refuses_the_key_is_not_checked(suite: Suite, server: Answering) -> None:
    server.statuses.update({"/billing/accounts/me/balance": [401], "/v0.2/models": [401]})
    result, _ = suite(CHECK)
    assert result.ret == 3
    assert "GET /toy" not in server.asked


LIMITS = (
    HEAD
    + '''
@documented("x")
@passes_time(61)
def test_waits(http):
    """It comes later."""

@documented("x")
@streams(3)
def test_streams(http):
    """Three at a time."""

@documented("x")
@needs(Capability.CONTROL)
def test_needs(http):
    """The clock moves."""

@mock_only("there is one mock")
def test_mock_only(http):
    """Only here."""

@documented("x")
@costs(60)
def test_costs(http):
    """Dear."""
'''
)


def test_a_check_that_cannot_be_executed_has_a_reason(suite: Suite) -> None:
    result, report = suite(LIMITS)
    result.assert_outcomes(skipped=5)
    reasons = {(check["cause"], check["reason"], check["detail"]) for check in report["checks"]}
    assert reasons == {
        ("limit", "waits longer in real time than --ovs-max-wait=60 allows", "61 s"),
        ("limit", "holds more streams at a time than this run may", "allow it with --ovs-max-streams=3"),
        ("cannot", "the target has no controls under /_mock", None),
        ("cannot", "can be seen on the mock only", "there is one mock"),
        ("budget", "more than is left of the budget", "it may cost 60 cents, and 50.00 are left"),
    }


def test_the_budget_stops_a_check_that_hides_it_too(suite: Suite, server: Answering) -> None:
    hiding = HEAD + (
        "@documented('x')\n"
        "def test_hiding(http):\n"
        "    '''It can be made.'''\n"
        "    with contextlib.suppress(BaseException):\n"
        "        http('POST', '/v0.2/streams', key='ovs-key', body={})\n"
        "    hold('made', expected=True, seen=False)\n"
    )
    _, report = suite(hiding + CHECK.removeprefix(HEAD), budget="--ovs-budget-cents=1")
    hidden, after = report["checks"]
    assert (hidden["outcome"], hidden["cause"]) == ("unchecked", "budget")
    assert after["cause"] == "budget", "from then on nothing is checked"
    assert "POST /v0.2/streams could cost 1.50 cents" in report["spend"]["ended"]
    assert "POST /v0.2/streams" not in server.asked


def test_open_questions_are_answered_and_never_drift(suite: Suite) -> None:
    probes = HEAD + (
        "@probe('7')\n"
        "@documented('silent')\n"
        "def test_answered(probe, http):\n"
        "    '''How long it waits.'''\n"
        "    probe.record({'seconds': 12}, decided={'seconds': 10})\n\n"
        "@probe('8')\n"
        "@documented('silent')\n"
        "def test_open(probe, http):\n"
        "    '''What it says.'''\n"
        "    probe.record(http('GET', '/nowhere', key='ovs-key').expect(200).status, decided=200)\n"
    )
    result, report = suite(probes)
    result.assert_outcomes(passed=1, skipped=1)
    answered, unanswered = report["checks"]
    assert answered["outcome"] == "answered"
    assert answered["answers"] == [{"rows": ["7"], "seen": {"seconds": 12}, "decided": {"seconds": 10}}]
    assert (unanswered["cause"], unanswered["outcome"]) == ("no answer", "unchecked")
    assert report["verdict"] == "could not check", "answers alone check nothing"


def test_a_check_that_fails_by_itself_is_no_drift_and_not_green(suite: Suite) -> None:
    broken = CHECK + (
        "@documented('x')\n"
        "def test_broken(http):\n"
        "    '''It can be arranged.'''\n"
        "    raise ControlError('POST /_mock/x answered 404')\n"
    )
    _, report = suite(broken)
    assert report["checks"][1]["cause"] == "broken"
    assert report["verdict"] == "could not check"


INTERRUPTED = CHECK + (
    "@documented('x')\n"
    "def test_interrupted(http):\n"
    "    '''It goes on.'''\n"
    "    import os\n"
    "    if not os.environ.get('GO_ON'):\n"
    "        raise KeyboardInterrupt\n"
)


def test_an_interrupted_run_goes_on(suite: Suite, server: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    result, report = suite(INTERRUPTED)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert report["aborted"] == "the run was interrupted"
    assert [check["outcome"] for check in report["checks"]] == ["holds", "unchecked"]
    assert report["verdict"] == "could not check"

    monkeypatch.setenv("GO_ON", "1")
    server.asked.clear()
    result, report = suite(INTERRUPTED, "--ovs-resume")
    result.assert_outcomes(passed=1)
    assert "GET /toy" not in server.asked
    assert [(check["outcome"], check["earlier"]) for check in report["checks"]] == [("holds", True), ("holds", False)]
    assert report["verdict"] == "holds"

    server.asked.clear()
    _, report = suite(INTERRUPTED, "--ovs-resume")
    assert "GET /toy" in server.asked, "the run had come to its end"
    assert "There was no earlier run" in report["notes"][0]


def test_another_suite_does_not_go_on(suite: Suite, server: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    suite(INTERRUPTED)
    monkeypatch.setattr("ovs_contracts.runner.run.suite_version", lambda: "another")
    monkeypatch.setenv("GO_ON", "1")
    server.asked.clear()
    suite(INTERRUPTED, "--ovs-resume")
    assert "GET /toy" in server.asked


def test_a_suite_that_cannot_be_read_is_not_green(suite: Suite, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_broken="import nonesuch")
    _, report = suite(CHECK, "--continue-on-collection-errors")
    assert "No module named 'nonesuch'" in report["aborted"]
    assert report["verdict"] == "could not check"


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ("def test_x(http):\n    '''It is.'''", "needs exactly one of documented, validated, mock_only"),
        ("@documented('x')\n@mock_only('y')\ndef test_x(http):\n    '''It is.'''", "needs exactly one of"),
        ("@documented('x')\ndef test_x(http):\n    pass", "needs a docstring that states its claim"),
    ],
)
def test_a_check_without_a_mark_or_a_claim_is_a_usage_error(suite: Suite, check: str, words: str) -> None:
    result, _ = suite(HEAD + check)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{words}*"])


def test_tests_of_others_run_beside_the_checks(suite: Suite, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_mine="def test_mine(): pass")
    result, report = suite(CHECK)
    result.assert_outcomes(passed=2)
    assert len(report["checks"]) == 1
