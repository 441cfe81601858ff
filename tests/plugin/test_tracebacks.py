"""What pytest shows of the way to an error."""

import re

import pytest

SUITE = """
import pytest

def test_of_a_mistake(ovs):
    ovs.push_frames("nobody", 3)

def test_in_vain(ovs):
    ovs.wait_until(lambda: False, timeout=0, description="the door")

def test_not_asked(ovs):
    ovs.journal.assert_requested("GET", "/v1/models")

def test_of_a_fault(ovs):
    ovs.faults.on("nonsense").status(503)

def test_of_the_mock_itself(ovs, monkeypatch):
    monkeypatch.setattr(type(ovs.tenant.runtime), "current_state", None)
    ovs.stream("nobody")
"""


def shown_inside(pytester: pytest.Pytester, *options: str) -> set[str]:
    """The tests whose failure shows lines of the mock's own code."""
    pytester.makepyfile(test_suite=SUITE)
    told = ("--tb=short", "-p", "no:randomly", "-o", "asyncio_default_fixture_loop_scope=function")
    result = pytester.runpytest_inprocess(*told, *options)
    result.assert_outcomes(failed=5)
    failures = result.stdout.str().split("= FAILURES =")[1].split("= short test summary info =")[0]
    sections = re.split(r"^_+ (test_\w+) _+$", failures, flags=re.MULTILINE)[1:]
    return {
        name
        for name, text in zip(sections[::2], sections[1::2], strict=True)
        if "/ovs_mock/" in text or "/concurrent/" in text
    }


def test_mistakes_end_where_they_were_made(pytester: pytest.Pytester) -> None:
    assert shown_inside(pytester) == {"test_of_the_mock_itself"}


def test_all_of_the_way_is_shown_on_demand(pytester: pytest.Pytester) -> None:
    assert len(shown_inside(pytester, "--full-trace")) == 5
