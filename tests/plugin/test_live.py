"""A user's own tests, against what plays production."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ovs_contracts.transport.realtime import wait_for
from ovs_support.inner_run import run_inside
from ovs_support.production import Production, production

PAGE = Path(__file__).parents[2] / "docs" / "LIVE.md"
KEY = "ovs-a-real-key-5d1c"
HEAD = """
import httpx
import pytest

def client(ovs):
    return httpx.Client(base_url=ovs.v1beta, headers={"Authorization": f"Bearer {ovs.api_key}"}, timeout=30)
"""
LEAVES = """
def test_leaves_a_stream(ovs):
    with client(ovs) as api:
        stream_id = api.post("/streams").json()["id"]
    assert ovs.stream(stream_id).running
"""
HANGS = """
def test_hangs(ovs):
    import threading
    with client(ovs) as api:
        api.post("/streams")
        print("made", flush=True)
        threading.Event().wait(60)
"""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with production(tmp_path_factory.mktemp("production")) as played:
        yield played


@pytest.fixture(autouse=True)
def environment(played: Production, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERSHOOT_API_KEY", KEY)
    monkeypatch.setenv("OVERSHOOT_BASE_URL", played.origin)
    monkeypatch.setenv("SSL_CERT_FILE", str(played.ca_bundle))
    monkeypatch.setenv("XDG_STATE_HOME", str(pytester.path / "state"))
    played.asked.clear()


def ran(
    pytester: pytest.Pytester, source: str, *options: str, target: str = "live", budget: str = "5"
) -> pytest.RunResult:
    pytester.makepyfile(HEAD + source)
    told = [f"--ovs-target={target}", *([f"--ovs-budget-cents={budget}"] if budget else []), "-rs", *options]
    result = run_inside(pytester, *told)
    assert KEY not in result.stdout.str() + result.stderr.str()
    return result


def test_tests_run_against_production_and_leave_nothing(pytester: pytest.Pytester, played: Production) -> None:
    asks = """
from openai import OpenAI

def test_asks(ovs):
    question = [{"role": "user", "content": "Hello"}]
    with OpenAI(base_url=ovs.v1beta, api_key=ovs.api_key) as api:
        assert api.chat.completions.create(model="Qwen/Qwen3.5-9B", messages=question, max_tokens=9).choices
    ovs.journal.assert_requested("POST", "/v1beta/chat/completions", times=1)
    assert 0 < ovs.bill.cents < 1
"""
    result = ran(pytester, LEAVES + asks)
    result.assert_outcomes(passed=2, warnings=1)
    result.stdout.fnmatch_lines(
        [
            "ovs-mock: tests that use ovs run against live, for at most 5 cents",
            "*OvsLeakWarning: *test_leaves_a_stream: stream * was never closed*",
            "ovs-mock: 2 tests, about 0.0000 dollars spent, 1 leak",
        ]
    )
    assert played.running() == []
    assert len(played.calls("DELETE", "/v1beta/streams/")) == 1


def test_what_only_the_mock_can_do_is_skipped_and_said(pytester: pytest.Pytester, played: Production) -> None:
    source = """
from ovs_mock import Settings

def test_moves_the_clock(ovs):
    with client(ovs) as api:
        api.post("/streams")
    ovs.advance(10)

@pytest.mark.ovs(ttl_seconds=10)
def test_chooses_a_lease(ovs): ...

@pytest.mark.ovs(clock="frozen")
def test_stops_the_clock(ovs): ...

@pytest.mark.ovs(target="mock")
def test_is_for_the_mock(ovs): ...

class TestSettings:
    @pytest.fixture
    def ovs_settings(self):
        return Settings(credits_cents=1)

    def test_has_settings(self, ovs): ...
"""
    result = ran(pytester, source)
    result.assert_outcomes(skipped=5)
    for reason in (
        "ovs.advance needs a clock that can be moved; the target is live",
        "needs a server with settings, by ovs(ttl_seconds=…); the target is live",
        "needs a frozen clock, by ovs(clock='frozen'); the target is live",
        "needs the mock, by ovs(target='mock'); the target is live",
        "needs a server with settings, by the fixture ovs_settings; the target is live",
    ):
        result.stdout.fnmatch_lines([f"SKIPPED * test_what_only_the_mock_can_do_is_skipped_and_said.py:*: {reason}"])
    assert played.running() == []


def test_a_test_for_production_is_skipped_on_the_mock(pytester: pytest.Pytester) -> None:
    result = ran(pytester, "@pytest.mark.ovs(target='live')\ndef test_real(ovs): ...", target="mock")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*run it with --ovs-target=live"])


def test_a_failure_shows_what_was_called(pytester: pytest.Pytester, played: Production) -> None:
    source = """
def test_fails(ovs):
    with client(ovs) as api:
        api.post("/streams")
        assert api.get("/streams/nonsense").status_code == 200
"""
    result = ran(pytester, source)
    result.assert_outcomes(failed=1, warnings=1)
    result.stdout.fnmatch_lines(["*ovs journal*", "*POST /v1beta/streams → 201", "*GET /v1beta/streams/nonsense → 422"])
    assert played.running() == []


def test_the_built_in_url_leads_to_the_relay(pytester: pytest.Pytester, played: Production) -> None:
    source = """
import os

def test_built_in(ovs):
    with ovs.intercept():
        key = os.environ["OVERSHOOT_API_KEY"]
        made = httpx.post("https://api.overshoot.ai/v1/streams", headers={"Authorization": f"Bearer {key}"})
        with ovs.intercept():
            assert httpx.get(f"https://api.overshoot.ai/v1/streams/{made.json()['id']}").status_code == 401
    assert made.status_code == 201

def test_without_it_nothing_gets_through(ovs):
    with pytest.raises(httpx.ConnectError):
        httpx.get("https://api.overshoot.ai/healthz")
"""
    result = ran(pytester, source)
    result.assert_outcomes(passed=2, errors=1, warnings=1)
    result.stdout.fnmatch_lines(["*the code called the real API*"])
    assert played.running() == []


def test_who_has_spent_the_budget_fails_and_says_so(pytester: pytest.Pytester, played: Production) -> None:
    source = """
def test_makes_one(ovs):
    body = {"inference": {"prompt": "?", "model": "Qwen/Qwen3.5-9B"}, "processing": {"interval_seconds": 1}}
    with client(ovs) as api:
        assert api.post(f"{ovs.v02}/streams", json=body).status_code == 402
"""
    result = ran(pytester, source, budget="1")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*a call would have exceeded the run's budget: *POST /v0.2/streams could cost 1.50 cents*"]
    )
    assert played.calls("POST", "/streams") == []


@pytest.mark.parametrize(
    ("missing", "budget", "says"),
    [
        ("OVERSHOOT_API_KEY", "5", "needs a key: set OVERSHOOT_API_KEY"),
        (None, "", "charges money: say how much may be spent, in cents, with --ovs-budget-cents=50"),
    ],
)
def test_what_is_missing_is_said_once(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, missing: str | None, budget: str, says: str
) -> None:
    if missing:
        monkeypatch.delenv(missing)
    result = ran(pytester, LEAVES, budget=budget)
    assert result.ret == 4
    result.stdout.fnmatch_lines([f"*ovs-mock: https://127.0.0.1:* {says}*"])
    assert result.stdout.str().count(says) == 1


def test_the_processes_of_xdist_share_the_budget(pytester: pytest.Pytester, played: Production) -> None:
    source = """
@pytest.mark.parametrize("number", range(2))
def test_makes_one(ovs, number):
    body = {"inference": {"prompt": "?", "model": "Qwen/Qwen3.5-9B"}, "processing": {"interval_seconds": 1}}
    with client(ovs) as api:
        api.post(f"{ovs.v02}/streams", json=body)
"""
    result = ran(pytester, source, "-n2", budget="2")
    result.assert_outcomes(passed=2, errors=2)
    result.stdout.fnmatch_lines(["*the budget of 1 cents has ended*"])
    assert played.running() == []


def test_real_video_is_published_there(pytester: pytest.Pytester, played: Production) -> None:
    source = """
@pytest.mark.parametrize("version", ["v02", "v1"])
def test_publishes(ovs, ovs_publish, version):
    body = {"inference": {"prompt": "?", "model": "Qwen/Qwen3.5-9B"}, "processing": {"interval_seconds": 1}}
    with client(ovs) as api:
        url = getattr(ovs, version) + "/streams"
        created = api.post(url, json=body if version == "v02" else {}).json()
        stream_id = created.get("stream_id") or created["id"]
        ovs_publish(created, width=320, height=240)
        assert ovs.wait_for_frames(stream_id, 5).running
        api.delete(f"{url}/{stream_id}")
"""
    ran(pytester, source, "--ovs-leaks=fail").assert_outcomes(passed=2)
    assert played.running() == []


def test_the_tests_of_the_page_run_anywhere(pytester: pytest.Pytester) -> None:
    (page,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    for target in ("mock", "live"):
        ran(pytester, page, target=target).assert_outcomes(passed=2, skipped=1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_interrupted_leaves_nothing(
    pytester: pytest.Pytester, played: Production, number: signal.Signals
) -> None:
    path = pytester.makepyfile(HEAD + HANGS)
    told = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "--ovs-target=live"]
    with subprocess.Popen(
        [*told, "--ovs-budget-cents=5", str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        played.wait_for(lambda: len(played.running()) == 1)
        os.kill(process.pid, number)
        assert KEY not in process.stdout.read()
    # Its relay outlives it for as long as that takes.
    wait_for(lambda: played.running() == [])
    wait_for(lambda: not list(Path(pytester.path, "state", "ovs-contracts").iterdir()))


def test_another_mock_needs_neither_key_nor_budget(pytester: pytest.Pytester, played: Production) -> None:
    result = ran(pytester, LEAVES, target=played.mock, budget="")
    result.assert_outcomes(passed=1, warnings=1)
    assert played.running() == []
