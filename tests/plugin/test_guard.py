"""The guard in somebody else's test suite: what its failures say."""

import pytest
from ovs_support.inner_run import run_inside

REACH = """
import httpx

URL = "https://api.overshoot.ai/v1/models"

def ask():
    try:
        return httpx.get(URL).status_code
    except httpx.HTTPError:
        return None
"""


def run(pytester: pytest.Pytester, code: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(app=REACH, test_app=code)
    return run_inside(pytester, *arguments)


def test_a_client_that_swallows_the_error_does_not_hide_it(pytester: pytest.Pytester) -> None:
    ran = run(pytester, "import app\ndef test_it(ovs):\n    assert app.ask() is None\n")
    ran.assert_outcomes(passed=1, errors=1)
    ran.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_it*",
            "the code called the real API, and the test did not fail",
            "ovs-mock blocked a connection to the real api.overshoot.ai:443 (looked up its address).",
            "  from: app.py:7 in ask",
            "  Run it within `with ovs.intercept():`, or give its client the mock's own URL: base_url=ovs.v1beta.",
        ]
    )
    assert "pytest_ovs_mock" not in ran.stdout.str()


def test_a_test_that_fails_is_told_why_and_fails_once(pytester: pytest.Pytester) -> None:
    ran = run(pytester, "import app\ndef test_it(ovs):\n    assert app.ask() == 200\n")
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["*- ovs guard -*", "*blocked a connection to the real*", "  from: app.py:7 in ask"])


def test_each_test_answers_for_itself(pytester: pytest.Pytester) -> None:
    code = "import app\ndef test_a(ovs):\n    app.ask()\ndef test_b(ovs):\n    pass\ndef test_c():\n    pass\n"
    run(pytester, code).assert_outcomes(passed=3, errors=1)


@pytest.mark.parametrize("how", ["ini", "fixture"])
def test_the_guard_can_be_turned_off(how: str, pytester: pytest.Pytester) -> None:
    fixture = "import pytest\n@pytest.fixture\ndef ovs_guard():\n    return False\n"
    code = """
import socket
def test_it(ovs):
    assert not hasattr(socket.getaddrinfo, "__wrapped__")
"""
    arguments = ("-o", "ovs_guard=false") if how == "ini" else ()
    run(pytester, (fixture if how == "fixture" else "") + code, *arguments).assert_outcomes(passed=1)


def test_a_whole_test_can_be_intercepted(pytester: pytest.Pytester) -> None:
    code = """
import os, app, pytest

def test_it(ovs_intercepted):
    assert app.ask() == 200
    assert os.environ["OVERSHOOT_API_KEY"] == ovs_intercepted.api_key

@pytest.mark.usefixtures("ovs_intercepted")
class TestAll:
    def test_it(self):
        assert app.ask() == 200
"""
    run(pytester, code).assert_outcomes(passed=2)
