"""``ovs-contracts``, as a person or a script runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from ovs_contracts.cli.main import main

ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("OVERSHOOT_", "PYTEST_")) and name != "SSL_CERT_FILE"
}
NOBODY = "http://127.0.0.1:9"


def contracts(*arguments: str, folder: Path | None = None, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "ovs_contracts", *arguments],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        cwd=folder,
        env={**ENVIRONMENT, "NO_COLOR": "1", **environment},
    )


def test_help_lists_the_commands() -> None:
    listed = contracts("--help")
    assert listed.returncode == 0
    assert {"run", "list", "self-test", "openapi", "clean-up"} <= set(listed.stdout.split())
    help_text = contracts("run", "--help").stdout
    assert "mock|live|URL" in help_text
    assert "Ends with 0 when the contract holds" in help_text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rnu"], "Did you mean 'run'?"),
        (["run", "--only", "v03"], "'v03' is no area of the suite: it has billing, chat,"),
        (["run", "--max-streams", "0"], "0 is not in the range"),
        (["run", "--budget-cents", "-1"], "-1.0 is not in the range"),
        (["run", "--target", "production"], "expected mock, live, or a URL such as http://127.0.0.1:8787"),
        (["run", "--target", "http://x:99999"], "expected mock, live, or a URL"),
        (["run", "--target", "live"], "https://api.overshoot.ai needs a key: set OVERSHOOT_API_KEY"),
        (["run", "--target", NOBODY, "--mutant", "x"], "a mutant needs the mock that a run starts itself"),
        (["run", "--resume"], "a mock that a run starts itself has no earlier run to go on with"),
        (["run", "--ca-bundle", "nowhere.pem"], "'nowhere.pem' does not exist"),
        (["run", "--report", "/dev/null/report"], "cannot write to /dev/null/report: Not a directory"),
        (["replay", "nowhere"], "'nowhere' does not exist"),
        (["replay", __file__], "is no transcript"),
        (["diff", "--target", "mock"], "Missing option '--against'"),
        (["clean-up", "--target", "mock"], "leaves nothing behind"),
        (["openapi", "v3"], "'v0.2', 'v1', 'v1beta', 'billing'"),
        (["self-test", "no-such-mutant"], "there is no mutant 'no-such-mutant'"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(
    arguments: list[str], words: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("OVERSHOOT_API_KEY", "OVERSHOOT_BASE_URL", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.argv", ["ovs-contracts", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    output = capfd.readouterr()
    (line,) = output.err.splitlines()
    assert words in line
    assert output.out == ""


def test_an_invalid_expression_is_a_mistake_too() -> None:
    failed = contracts("run", "--only", "service", "-k", "((")
    assert failed.returncode == 2
    assert failed.stderr.startswith("ovs-contracts: Wrong expression passed to '-k'")


def test_production_is_not_called_without_a_budget() -> None:
    failed = contracts("run", "--target", "live", OVERSHOOT_API_KEY="ovs-x", OVERSHOOT_BASE_URL=NOBODY)
    assert failed.returncode == 2
    assert "say how much may be spent, in cents, with --budget-cents=50" in failed.stderr


def test_a_target_that_does_not_answer_could_not_be_checked(tmp_path: Path) -> None:
    arguments = ("run", "--target", NOBODY, "--budget-cents", "5")
    failed = contracts(*arguments, OVERSHOOT_API_KEY="ovs-x", XDG_STATE_HOME=str(tmp_path))
    assert failed.returncode == 3
    assert failed.stderr == (
        f"ovs-contracts: could not check: {NOBODY} cannot be reached: ConnectError: [Errno 111] Connection refused\n"
    )


def test_a_run_is_not_touched_by_the_project_that_it_is_started_in(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("raise SystemExit('a conftest of the user was loaded')")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    ran = contracts(
        *("run", "--only", "v02", "-k", "a_stream_is_closed_once", "--report", "report"),
        folder=tmp_path,
        PYTEST_ADDOPTS="--no-such-option",
        PYTEST_PLUGINS="no_such_plugin",
    )
    assert ran.returncode == 0, ran.stderr
    assert "The contract holds (1 hold," in ran.stdout
    assert "report: report/report.html" in ran.stdout
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert report["about"]["selection"] == "v02, -k a_stream_is_closed_once"
    assert report["spend"] is None


def test_a_drift_is_shown_with_what_to_do_about_it() -> None:
    ran = contracts("run", "--only", "v02", "-k", "a_stream_is_closed_once", "--mutant", "v02-delete-first-204")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "expected: 200" in ran.stdout
    assert "curl -i -X DELETE" in ran.stdout


def test_quiet_is_one_line_and_nothing_chosen_is_not_green() -> None:
    ran = contracts("run", "--quiet", "--only", "service", "-k", "no_such_check")
    assert ran.returncode == 3
    (line,) = ran.stdout.splitlines()
    assert line.startswith("Could not check: no check was chosen (no checks,")


def test_the_claims_are_listed() -> None:
    listed = contracts("list", "--only", "v02", "-k", "lease")
    assert listed.returncode == 0
    assert "A stream without keepalives lives for its ttl_seconds and no longer" in listed.stdout
    assert "needs 46 s" in listed.stdout
    rows = json.loads(contracts("list", "--only", "service", "--json").stdout)
    assert {row["area"] for row in rows} == {"service"}
    assert all(row["claim"] and row["source"] for row in rows)


def test_the_mutants_are_listed() -> None:
    listed = contracts("self-test", "--list")
    assert listed.returncode == 0
    assert "DELETE of a stream that runs is 204" in listed.stdout
    (one,) = json.loads(contracts("self-test", "--list", "--json", "v02-delete-first-204").stdout)
    assert one["name"] == "v02-delete-first-204"


def test_documents_are_printed() -> None:
    assert yaml.safe_load(contracts("openapi", "v1").stdout)["openapi"].startswith("3.1")
    assert json.loads(contracts("openapi", "billing", "--json").stdout)["paths"]


def test_two_targets_are_compared() -> None:
    command = [sys.executable, "-m", "ovs_mock", "serve", "--json", "--port", "0", "--clock", "running", "--seed", "1"]
    options = ["--mutant", "v02-lease-of-30", "--latency", "0.02"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as other:
        assert other.stdout is not None
        try:
            origin = json.loads(other.stdout.readline())["v1"].removesuffix("/v1")
            ran = contracts("diff", "--target", "mock", "--against", origin, "--length", "30")
        finally:
            other.terminate()
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "ttl_seconds" in ran.stdout
    assert "    A: 45\n    B: 30\n" in ran.stdout
    assert "difference" in ran.stdout.splitlines()[-1]


def test_a_run_is_recorded_and_the_mock_compared_with_it(tmp_path: Path) -> None:
    arguments = ("run", "--only", "v02", "-k", "a_stream_is_closed_once", "--record", str(tmp_path / "recordings"))
    assert contracts(*arguments).returncode == 0
    (transcript,) = (tmp_path / "recordings").iterdir()
    assert "v02/test_delete.py::test_a_stream_is_closed_once" in transcript.read_text()
    same = contracts("replay", str(tmp_path / "recordings"))
    assert (same.returncode, same.stdout) == (0, f"{transcript}: no differences\n")
    other = contracts("replay", str(transcript), "--mutant", "v02-delete-first-204", "--json")
    assert other.returncode == 1
    (differences,) = json.loads(other.stdout).values()
    statuses = [(each["a"][:3], each["b"][:3]) for each in differences if each["place"] == "status"]
    assert statuses == [("200", "204")]
