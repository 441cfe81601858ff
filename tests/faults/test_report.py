"""A fault that was set and never met is a mistake of the test."""

import pytest

from ovs_mock import Ovs

CODE = """
import httpx, pytest

def test_missed(ovs):
    ovs.faults.on("POST /v1/streams").status(503).times(2)
    httpx.post(ovs.v1 + "/streams")

def test_optional(ovs):
    ovs.faults.on("POST /v1/streams").status(503).optional()

@pytest.mark.ovs(strict=False)
def test_not_strict(ovs):
    ovs.faults.on("POST /v1/streams").status(503)

def test_met(ovs):
    ovs.faults.on("POST /v1/streams").status(503)
    assert httpx.post(ovs.v1 + "/streams").status_code == 503
"""


def test_a_missed_fault_fails_its_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(CODE)
    result = pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:asyncio")
    result.assert_outcomes(passed=4, errors=1)
    result.stdout.fnmatch_lines(["*faults that did not fire:*", "*POST /v1/streams → status 503 (2 times): 1 of 2"])


def test_a_test_without_faults_imports_none(ovs: Ovs) -> None:
    assert ovs.faults.unused == []
    assert len(ovs.faults) == 0
    ovs.faults.clear()
    assert not ovs.tenant.faults.active
