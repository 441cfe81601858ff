"""``ovs-contracts run --target live`` against what plays production: money, trouble, and ends of every kind."""

import os
import signal
from itertools import pairwise
from pathlib import Path

import pytest
from ovs_support.production import Production, production
from ovs_support.rehearsal import Rehearsal

REAL = ("--clock", "real")
SHORT = (*REAL, "--ttl", "3")
WAITS = ("--only", "v02", "-k", "test_an_unrenewed_lease", "--max-wait", "60", "--budget-cents", "20")
QUICK = ("--only", "service", "-k", "test_health_and_readiness", "--budget-cents", "20")


def names(*tests: str) -> tuple[str, str]:
    return "-k", " or ".join(f"test_{name}" for name in tests)


def most_streams_at_a_time(played: Production) -> int:
    most = now = 0
    for call in played.asked:
        now += call.method == "POST" and call.path.endswith("/streams") and call.status == 201
        now -= call.method == "DELETE" and call.status == 200
        most = max(most, now)
    return most


def test_a_night_with_trouble(tmp_path: Path) -> None:
    """Short leases are reported as a drift; transient errors are not."""
    checks = names(
        "a_stream_is_closed_once",
        "what_a_keepalive_answers",
        "every_keepalive_brings",
        "a_lease_lasts",
        "health_and_readiness",
        "errors_at_the_root",
        "the_form_of_a_balance",
        "the_list_of_prices",
        "users_have_different_ids",
    )
    areas = ("--only", "v02", "--only", "service", "--only", "billing")
    with production(tmp_path, *SHORT, out_of_order=0.07, slowness=0.02, seed=5) as played:
        rehearsal = Rehearsal(played, tmp_path / "files")
        arguments = ("--budget-cents", "20", "--max-wait", "10", "--record", str(rehearsal.folder / "recordings"))
        assert rehearsal.run(*areas, *checks, *arguments) == 1
        assert played.running() == []
    report, outcomes = rehearsal.report, rehearsal.outcomes()
    assert outcomes["what_a_keepalive_answers"] == "drifted"
    (failure,) = [check["failure"] for check in report["checks"] if check["failure"]]
    assert '"ttl_seconds": 45' in failure["expected"]
    assert '"ttl_seconds": 3' in failure["seen"]
    assert any(check["retry"] for check in report["checks"]), "this seed has trouble in store"
    reasons = {check["reason"].partition("=")[0] for check in report["checks"] if check["reason"]}
    assert reasons == {
        "there is no key of another user: set OVERSHOOT_SECOND_API_KEY",
        "waits longer in real time than --max-wait",
    }
    assert most_streams_at_a_time(played) == 1
    hasty = [later.at - earlier.at for earlier, later in pairwise(played.asked) if later.at - earlier.at < 0.19]
    assert len(hasty) <= 10, "only calls before and after the checks are not paced"
    spend = report["spend"]
    paid = spend["balance_before"] - spend["balance_after"]
    assert 0 < paid <= spend["estimated"] < 1
    assert rehearsal.notes_of_streams() == []
    (transcript,) = (rehearsal.folder / "recordings").iterdir()
    assert "/v0.2/streams" in transcript.read_text()
    rehearsal.assert_discreet()


def test_the_budget_is_a_hard_stop(tmp_path: Path) -> None:
    checks = names("native_streams_get_a_room", "a_stream_is_closed_once", "every_keepalive_brings")
    with production(tmp_path, *REAL) as played:
        rehearsal = Rehearsal(played, tmp_path / "files")
        assert rehearsal.run("--only", "v02", *checks, "--budget-cents", "1.53") == 0
        assert played.running() == []
    report = rehearsal.report
    spend = report["spend"]
    assert spend["estimated"] <= 1.53
    # The next stream, or on a slow machine a keepalive of the one that runs.
    assert "could cost" in spend["ended"]
    left = [check for check in report["checks"] if check["cause"] == "budget"]
    assert left
    assert left[-1]["reason"] == "the budget of 1.53 cents has ended"
    made = [call for call in played.calls("POST") if call.path == "/v0.2/streams"]
    reached = len(report["checks"]) - len(left) + 1
    assert len(made) <= reached, "each check makes one stream, and those behind the end make none"


def test_what_a_killed_run_left_is_ended_by_the_next_one(tmp_path: Path) -> None:
    with production(tmp_path, *REAL) as played:
        rehearsal = Rehearsal(played, tmp_path / "files")
        for end in ("run", "clean-up"):
            with rehearsal.running(*WAITS) as process:
                played.wait_for(lambda: len(played.running()) == 1 and rehearsal.notes_of_streams() != [])
                played.wait_for(lambda: played.running()[0] in rehearsal.notes_of_streams()[0])
                process.kill()
                process.wait()
            (stream_id,) = played.running()
            (note,) = rehearsal.notes_of_streams()
            assert stream_id in note
            played.asked.clear()
            assert rehearsal.run(*(QUICK if end == "run" else ()), command=end) == 0
            (ended,) = played.calls("DELETE")
            assert ended.path == f"/v0.2/streams/{stream_id}"
            assert all(call.method == "GET" for call in played.asked[: played.asked.index(ended)])
            assert played.running() == []
            assert rehearsal.notes_of_streams() == []
            assert "ended 1" in rehearsal.outputs[-1]
    assert rehearsal.report["notes"] == ["Streams of earlier runs: ended 1, 0 had ended already"]
    rehearsal.assert_discreet()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    checks = names("a_stream_is_closed_once", "an_unrenewed_lease")
    arguments = ("--only", "v02", *checks, "--budget-cents", "20")
    with production(tmp_path, *REAL) as played:
        rehearsal = Rehearsal(played, tmp_path / "files")
        with rehearsal.running(*arguments, "--max-wait", "60") as process:
            played.wait_for(lambda: len(played.calls("POST", "/v0.2/streams")) == 2)
            os.kill(process.pid, number)
            assert rehearsal.wait(process) == 3
        assert played.running() == []
        report = rehearsal.report
        assert report["aborted"] == "the run was interrupted"
        assert rehearsal.outcomes() == {
            "a_stream_is_closed_once": "holds",
            "an_unrenewed_lease_ends_the_stream": "unchecked",
        }
        rehearsal.assert_discreet()
        if number is signal.SIGTERM:
            return
        played.asked.clear()
        assert rehearsal.run(*arguments, "--max-wait", "5", "--resume") == 0
        assert played.calls("POST", "/v0.2/streams") == [], "what was done is not done again"
    first, second = rehearsal.report["checks"]
    assert (first["outcome"], first["earlier"]) == ("holds", True)
    assert (second["cause"], second["earlier"]) == ("limit", False)
    assert rehearsal.report["spend"]["earlier"] > 0


def test_an_account_without_credits_shows_nothing_about_the_contract(tmp_path: Path) -> None:
    with production(tmp_path, *REAL, "--credits", "0") as played:
        rehearsal = Rehearsal(played, tmp_path / "files")
        assert rehearsal.run("--only", "v02", *names("a_stream_is_closed_once"), "--budget-cents", "20") == 3
    (check,) = rehearsal.report["checks"]
    assert (check["cause"], check["reason"]) == ("budget", "the account has run out of credits")


def test_a_target_that_cannot_be_called_is_reported_in_a_line(tmp_path: Path) -> None:
    with production(tmp_path, *REAL, "--strict-keys", "--api-key", "ovs-of-somebody-else") as played:
        rehearsal = Rehearsal(played, tmp_path / "files")
        assert rehearsal.run(*QUICK) == 3
        assert "does not accept the key in OVERSHOOT_API_KEY" in rehearsal.outputs[-1]
        played.ca_bundle.write_bytes(b"")
        assert rehearsal.run(*QUICK) == 2
        assert "has no certificates to trust" in rehearsal.outputs[-1]
        another = tmp_path / "another"
        another.mkdir()
        with production(another, *REAL) as stranger:
            played.ca_bundle.write_bytes(stranger.ca_bundle.read_bytes())
        assert rehearsal.run(*QUICK) == 3
        (line,) = rehearsal.outputs[-1].splitlines()
        assert "certificate" in line
        assert "--ca-bundle FILE" in line
    rehearsal.assert_discreet()
