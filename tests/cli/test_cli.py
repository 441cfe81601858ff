"""The command line, as a person or a script runs it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

COMMAND = [sys.executable, "-m", "ovs_mock"]
ENVIRONMENT = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def serving(*arguments: str) -> "Iterator[subprocess.Popen[str]]":
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def facts(process: "subprocess.Popen[str]") -> dict[str, str]:
    """What ``serve --json`` says first."""
    assert process.stdout is not None
    started: dict[str, str] = json.loads(process.stdout.readline())
    return started


def test_help_says_what_there_is() -> None:
    shown = run("--help")
    assert shown.returncode == 0
    assert {"serve", "demo"} <= set(shown.stdout.split())
    assert "--clock [real|running|frozen]" in run("serve", "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["srve"], "Did you mean 'serve'?"),
        (["serve", "--prot", "1"], "'--port'"),
        (["serve", "--port", "99999"], "99999 is not in the range"),
        (["serve", "--ttl", "0"], "0 is not in the range"),
        (["serve", "--clock", "sundial"], "'real', 'running', 'frozen'"),
        (["serve", "--credits", "lots"], "'lots' is not a valid integer"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(arguments: list[str], words: str) -> None:
    failed = run(*arguments)
    assert failed.returncode == 2
    (line,) = failed.stderr.splitlines()
    assert words in line
    assert "--help" in line


def test_a_port_in_use_is_one_line_and_status_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        failed = run("serve", "--port", str(port))
    assert failed.returncode == 1
    (line,) = failed.stderr.splitlines()
    assert f"cannot listen on 127.0.0.1:{port}" in line
    assert "--port" in line


def test_the_banner_shows_what_a_client_needs() -> None:
    with serving("--seed", "3") as process:
        assert process.stdout is not None
        banner = ""
        while "API key" not in banner:
            banner += process.stdout.readline()
        found = re.search(r"v0\.2 +(\S+)[\s\S]+LiveKit +(\S+)[\s\S]+API key +(\S+)", banner)
        assert found
        base, livekit, key = found.groups()
        assert livekit == base.replace("http", "ws").removesuffix("/v0.2")
        assert httpx.get(f"{base}/models", headers={"Authorization": f"Bearer {key}"}).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_on_a_signal(number: signal.Signals) -> None:
    with serving("--json") as process:
        base = facts(process)["v02"]
        assert httpx.get(f"{base}/healthz").status_code == 200
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "Traceback" not in errors


def test_the_json_log_has_an_object_a_line_and_no_keys() -> None:
    with serving("--json", "--api-key", "ovs-secret", "--strict-keys") as process:
        started = facts(process)
        body = {"processing": {"interval_seconds": 1}, "inference": {"prompt": "?", "model": "Qwen/Qwen3.5-9B"}}
        headers = {"Authorization": "Bearer ovs-secret"}
        assert httpx.post(f"{started['v02']}/streams", json=body, headers=headers).status_code == 201
        assert httpx.get(f"{started['v02']}/models", headers={"Authorization": "Bearer ovs-other"}).status_code == 401
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    lines = [json.loads(line) for line in errors.splitlines()]
    assert [line["status"] for line in lines if line["logger"] == "ovs_mock.access"] == [201, 401]
    assert [line["event"] for line in lines if line["logger"] == "ovs_mock.streams"] == ["stream_created"]
    assert "ovs-secret" not in errors


@pytest.mark.parametrize(("level", "logged"), [("warning", 1), ("error", 0)])
def test_a_request_that_is_not_http_is_a_warning_without_a_traceback(level: str, logged: int) -> None:
    with serving("--json", "--log-level", level) as process:
        url = httpx.URL(facts(process)["v02"])
        with socket.create_connection((url.host, url.port), timeout=10) as client:
            client.sendall(b"GET / HTTP/1.1\r\nX-Null: \x00\r\n\r\n")
            assert b" 400 " in client.recv(100)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    lines = [json.loads(line) for line in errors.splitlines()]
    assert len(lines) == logged
    assert all(line["level"] == "warning" and "is not HTTP" in line["message"] for line in lines)


def test_options_reach_the_mock() -> None:
    with serving("--json", "--clock", "frozen", "--ttl", "7", "--public-url", "https://mock.example") as process:
        started = facts(process)
        body = {"processing": {"interval_seconds": 1}, "inference": {"prompt": "?", "model": "Qwen/Qwen3.5-9B"}}
        headers = {"Authorization": f"Bearer {started['api_key']}"}
        created = httpx.post(f"{started['v02']}/streams", json=body, headers=headers).json()
        assert created["lease"] == {"ttl_seconds": 7}
        assert created["livekit"]["url"] == "wss://mock.example"
        control = started["v02"].replace("/v0.2", "/_mock/clock/advance")
        (ended,) = httpx.post(control, json={"seconds": 7}).json()["events"]
        assert ended["reason"] == "lease_expired"


def test_the_demo_shows_the_whole_job() -> None:
    shown = run("demo")
    assert shown.returncode == 0, shown.stderr
    for words in ("red, stamp", "Which colours move?", "stream ended: lease_expired", "exactly 45 s", "1.5 cents"):
        assert words in shown.stdout


def test_it_ends_when_its_standard_input_is_closed() -> None:
    command = [*COMMAND, "serve", "--port", "0", "--json", "--end-with-stdin"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as process:
        base = facts(process)["v02"]
        assert httpx.get(f"{base}/healthz").status_code == 200
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=20) == 0
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "needs a pipe" in ended.stderr
