"""Targets by the names that users give them."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import trustme
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.choice import LIVE, MOCK_KEY, open_target, origin_of, ssl_context
from ovs_contracts.targets.target import TargetError
from ovs_contracts.transport.realtime import wait_for
from ovs_support.answering import answering

MOCK = {"/_mock/clock": [200]}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OVERSHOOT_API_KEY", "OVERSHOOT_SECOND_API_KEY", "OVERSHOOT_BASE_URL", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("name", "base", "origin"),
    [
        ("live", None, LIVE),
        ("live", "http://localhost:1/", "http://localhost:1"),
        ("live", "https://api.example/v0.2", "https://api.example"),
        ("https://api.example/v1beta/", None, "https://api.example"),
        ("http://127.0.0.1:8787", None, "http://127.0.0.1:8787"),
        ("https://api.example/prefix/", None, "https://api.example/prefix"),
    ],
)
def test_where_a_target_is(name: str, base: str | None, origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if base:
        monkeypatch.setenv("OVERSHOOT_BASE_URL", base)
    assert origin_of(name) == origin


@pytest.mark.parametrize("key", ["two words", "schlüssel"])
def test_a_key_that_no_header_can_hold(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERSHOOT_API_KEY", key)
    with pytest.raises(TargetError, match="is no key") as refused, open_target("live"):
        pass
    assert key not in str(refused.value)


def test_production_is_not_asked_for_controls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERSHOOT_API_KEY", "ovs-x\n")
    with answering() as server:
        monkeypatch.setenv("OVERSHOOT_BASE_URL", server.origin)
        with open_target("live") as target:
            assert server.asked == []
    assert (target.name, target.api_key, target.charges, target.controlled) == ("live", "ovs-x", True, False)
    assert Capability.SECOND_KEY not in target.capabilities
    assert "ovs-x" not in repr(target)


@pytest.mark.parametrize(("advances", "controlled"), [(200, True), (409, False)])
def test_a_mock_that_runs_needs_no_key_and_costs_nothing(advances: int, controlled: bool) -> None:  # noqa: FBT001
    with answering() as server:
        server.statuses |= {**MOCK, "/_mock/clock/advance": [advances]}
        with open_target(server.origin) as target:
            assert (target.charges, target.controlled) == (False, controlled)
            assert target.api_key == MOCK_KEY


def test_whom_to_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ssl_context(None) is None
    bundle = tmp_path / "bundle.pem"
    trustme.CA().cert_pem.write_to_path(bundle)
    named = ssl_context(bundle)
    assert named is not None
    assert len(named.get_ca_certs()) == 1
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    assert ssl_context(None) is not None
    bundle.write_text("nonsense")
    with pytest.raises(TargetError, match="has no certificates to trust"):
        ssl_context(bundle)
    with pytest.raises(TargetError, match="No such file"):
        ssl_context(tmp_path / "nowhere")


def test_the_mock_of_a_run_that_is_killed_goes_with_it() -> None:
    code = """
import os, signal
from ovs_contracts.targets.mock import start_mock
with start_mock() as target:
    print(target.origin, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60, check=False
    )
    assert killed.returncode == -9
    port = int(killed.stdout.strip().rpartition(":")[2])

    def is_gone() -> bool:
        with socket.socket() as nobody:
            return nobody.connect_ex(("127.0.0.1", port)) != 0

    wait_for(is_gone)
