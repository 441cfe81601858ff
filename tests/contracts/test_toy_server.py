"""The suite at a server that is not the mock: it finds nothing where there is nothing, and says usefully what it finds.

The server is told to deviate in all its ways at once, as a strange server would; no deviation may hide behind another.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from ovs_support.toy_server import DEVIATIONS, ToyServer

KEY = "ovs-toy-key-that-nobody-may-see"
OTHER_KEY = "ovs-another-toy-key"
TESTS = Path(__file__).parents[1]

# What the toy server has not: pictures, formats, and what only OpenAI's client asks for.
UNFIT = "not v1beta and not test_json_output and not test_openai and not test_references and not test_segments"


@dataclass
class Run:
    """What came of a run of the suite."""

    status: int
    said: str
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads((self.folder / "report.json").read_text())
        return report

    def drifted(self) -> list[dict[str, Any]]:
        """The checks that found something."""
        return [check for check in self.report["checks"] if check["outcome"] == "drifted"]


def run_at(toy: ToyServer, folder: Path, *packages: str, **environment: str) -> Run:
    """Run the part of the suite that fits the toy server."""
    names = [f"ovs_contracts.suite.{package}" for package in packages or ("chat", "v1")]
    suite = ["--pyargs", *names, "-k", f"{toy.version} and {UNFIT}"]
    alone = ["-q", "-p", "no:cacheprovider", "-p", "ovs_support.toy_run"]
    options = [f"--ovs-target={toy.url}", "--ovs-budget-cents=1000", "--ovs-max-wait=6", "--ovs-max-streams=2"]
    keys = {"OVERSHOOT_API_KEY": KEY, "OVERSHOOT_SECOND_API_KEY": OTHER_KEY}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *alone, *suite, *options, f"--ovs-report={folder}"],
        env={**os.environ, **keys, **environment, "PYTHONPATH": str(TESTS), "XDG_STATE_HOME": str(folder / "state")},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    return Run(done.returncode, done.stdout + done.stderr, folder)


@pytest.fixture(scope="module")
def strange() -> Iterator[ToyServer]:
    with ToyServer(DEVIATIONS) as toy:
        yield toy


@pytest.fixture(scope="module")
def found(strange: ToyServer, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run at the server that deviates."""
    return run_at(strange, tmp_path_factory.mktemp("strange"))


def test_a_server_that_does_what_the_documents_say_passes(tmp_path: Path) -> None:
    with ToyServer() as toy:
        run = run_at(toy, tmp_path)
        assert not [stream for stream in toy.streams.values() if stream.ended is None], "streams are left"
    assert (run.status, run.drifted()) == (0, []), run.said
    assert run.report["counts"]["holds"] >= 90


def test_a_further_document_is_a_further_version(tmp_path: Path) -> None:
    """The checks of chats run for a version that only a document describes, with the document's facts."""
    written = (files("ovs_contracts.documents") / "openapi" / "v1.yaml").read_text()
    further = written.replace("  /v1/", "  /v9/").replace("lease_seconds: 300", "lease_seconds: 120")
    (tmp_path / "openapi").mkdir()
    (tmp_path / "openapi" / "v9.yaml").write_text(further)
    with ToyServer(version="v9", lease_seconds=120) as toy:
        run = run_at(toy, tmp_path, "chat", "generated", OVS_CONTRACTS_DOCUMENTS=str(tmp_path))
    held = {check["id"].rpartition("::")[2] for check in run.report["checks"] if check["outcome"] == "holds"}
    assert {"test_when_a_new_stream_expires[v9]", "test_each_keepalive_brings_a_fresh_token[v9]"} <= held, run.said
    assert len([name for name in held if "[v9" in name]) >= 80
    assert "test_an_operation_answers_as_described[POST /v9/streams/{stream_id}/keepalive]" in held, run.said


ONE_STREAM = r"/v1/streams/[^/ ]+"
# A check that finds it, the call that shows it, what was expected and what was seen.
FOUND = {
    "models need a key": ("the_models_need_no_key", "GET /v1/models", "200", "401"),
    "models are online": ("form_of_the_list", "GET /v1/models", "schema", "'online' is not one of"),
    "leases of 45 seconds": ("when_a_new_stream_expires", f"GET {ONE_STREAM}", "", "a lease of 300000 ms, not 45000"),
    "keepalives renew nothing": ("restarts_the_lease", f"POST {ONE_STREAM}/keepalive", "", "0 ms, after 5"),
    "keepalives repeat the token": ("brings_a_fresh_token", f"POST {ONE_STREAM}/keepalive", "4", "1"),
    "keepalives revive": ("cannot_be_renewed", f"POST {ONE_STREAM}/keepalive", "404", "200"),
    "a second delete is 404": ("deleting_twice", f"DELETE {ONE_STREAM}", "200", "404"),
    "ended streams are gone": ("is_shown_as_ended", f"GET {ONE_STREAM}", "200", "404"),
    "the last frame of none is 0": ("status.py::test_before_the_first_frame", f"GET {ONE_STREAM}", "null", "0"),
    "stream time begins at 0": ("stream_time_before", f"GET {ONE_STREAM}", "null", "0"),
    "unknown streams are 400": ("unknown_streams[v1-GET", f"GET {ONE_STREAM}", "404", "400"),
    "unknown streams can be deleted": ("unknown_streams[v1-DELETE", f"DELETE {ONE_STREAM}", "404", "200"),
    "unknown streams are told in other words": (
        "unknown_streams[v1-POST keepalive",
        f"POST {ONE_STREAM}/keepalive",
        "schema",
        "'error' was unexpected",
    ),
    "ids are not checked": ("ids_are_uuids[v1-DELETE", "DELETE /v1/streams/1", "schema", "'1' is not a 'uuid'"),
    "no key is 403": ("a_key_is_needed[v1-POST streams", "POST /v1/streams", "401", "403"),
    "any key deletes": ("a_key_is_needed[v1-DELETE", f"DELETE {ONE_STREAM}", "401", "200"),
    "publish tokens renew": (
        "a_publish_token_is_no_key[v1-POST keepalive",
        f"POST {ONE_STREAM}/keepalive",
        "401",
        "200",
    ),
    "keys are repeated": ("a_key_is_needed[v1-GET", f"GET {ONE_STREAM}", "false", "true"),
    "streams of others are shown": ("streams_of_another_user[v1-GET", f"GET {ONE_STREAM}", "404", "200"),
    "every origin is a star": ("preflights[v1-POST-/streams]", "OPTIONS /v1/streams", "app.example.com", '["*", null]'),
    "no preflight of delete": ("preflights[v1-DELETE", f"OPTIONS {ONE_STREAM}", "", ""),
    "totals are one too many": ("completions.py::test_usage", "POST /v1/chat/completions", "18", "19"),
    "ids of chats are the same": ("ids_are_unique", "POST /v1/chat/completions", "", "'chatcmpl-1' != 'chatcmpl-1'"),
    "one choice whatever n": ("completions.py::test_several_choices", "POST /v1/chat/completions", "[0, 1, 2]", "[0]"),
    "max_tokens means nothing": (
        "a_limit_of_tokens[v1-5-max_tokens",
        "POST /v1/chat/completions",
        '["length", 5]',
        '["stop", 9]',
    ),
    "unknown fields are refused": ("unknown_fields", "POST /v1/chat/completions", "200", "4"),
    "invalid chats are 400": ("fails_validation[v1-no model", "POST /v1/chat/completions", "422", "400"),
    "broken json is 500": ("bodies_that_are_not_json[v1-{]", "POST /v1/chat/completions", "400 or 422", "500"),
    "model ids in any case": ("unknown_models[v1-qwen", "POST /v1/chat/completions", "422", "200"),
    "bodies before keys": ("keys_are_checked_first", "POST /v1/chat/completions", "401", "400"),
    "no done": ("form_of_the_events", "POST /v1/chat/completions", "[DONE]", "chat.completion.chunk"),
}


@pytest.mark.parametrize("deviation", sorted(DEVIATIONS))
def test_a_deviation_is_reported_so_that_one_can_act_on_it(found: Run, deviation: str) -> None:
    """The operation, what was expected and what was seen, and a line to see it again."""
    name, operation, expected, seen = FOUND[deviation]
    checks = [check for check in found.drifted() if name in check["id"]]
    assert checks, f"{name} found nothing:\n{found.said[-2000:]}"
    failure = checks[0]["failure"]
    call = failure["call"]
    assert re.fullmatch(operation, f"{call['method']} {call['path']}"), call
    assert expected in (failure["expected"] or "")
    assert seen in (failure["seen"] or failure["message"])
    assert call["curl"].startswith(f"curl -i -X {call['method']} http://127.0.0.1:"), call["curl"]
    assert checks[0]["claim"].endswith("."), "the claim that does not hold"


def test_the_run_says_that_the_contract_does_not_hold(found: Run) -> None:
    counts = found.report["counts"]
    assert found.status == 1
    assert counts["drifted"] > len(DEVIATIONS)
    assert counts["holds"] >= 25, "what does hold is not dragged along"
    assert f"{counts['drifted']} claims drifted" in found.said


def test_nobody_sees_the_keys(found: Run) -> None:
    written = found.said + "".join(path.read_text() for path in found.folder.glob("report.*"))
    assert KEY not in written
    assert OTHER_KEY not in written
    assert (
        '"Authorization: Bearer $OVERSHOOT_API_KEY"' in written or "authorization: Bearer $OVERSHOOT_API_KEY" in written
    )


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_line_shows_it_again(found: Run, strange: ToyServer) -> None:
    (check,) = (check for check in found.drifted() if "completions.py::test_several_choices" in check["id"])
    line = check["failure"]["call"]["curl"]
    shell = {**os.environ, "OVERSHOOT_API_KEY": KEY}
    again = subprocess.run(["/bin/sh", "-c", line], env=shell, capture_output=True, text=True, timeout=20, check=True)
    assert "HTTP/1.1 200" in again.stdout
    assert '"n": 3' in line
    assert again.stdout.count('"index"') == 1
    assert strange.answered > 1
