"""Publisher fixtures in somebody else's test suite."""

import pytest
from ovs_support.inner_run import run_inside

SUITE = """
import asyncio, httpx, numpy as np, pytest

def create(ovs):
    return httpx.post(f"{ovs.v1}/streams", headers={"Authorization": f"Bearer {ovs.api_key}"}).json()

def close(ovs, created):
    httpx.delete(f"{ovs.v1}/streams/{created['id']}", headers={"Authorization": f"Bearer {ovs.api_key}"})
"""


def run(pytester: pytest.Pytester, code: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(SUITE + code)
    left = ("-W", "error::ResourceWarning", "-W", "error::pytest.PytestUnraisableExceptionWarning")
    return pytester.runpytest_subprocess("-p", "no:randomly", *left, *arguments)


def test_publishers_leave_with_the_test_and_are_no_leaks(pytester: pytest.Pytester) -> None:
    code = """
def test_video(ovs, ovs_publish):
    created = create(ovs)
    publisher = ovs_publish(created, width=320, height=240, pattern="red")
    assert ovs.stream(created["id"]).width == 320

async def test_asyncio(ovs, ovs_publish):
    created = create(ovs)
    await asyncio.to_thread(ovs_publish, created, frames=[np.zeros((240, 320, 3), np.uint8)])
    assert ovs.stream(created["id"]).frames_received

class TestInClasses:
    def test_it_twice(self, ovs, ovs_publish):
        ovs_publish(create(ovs))
        ovs_publish(create(ovs))
        assert all(stream.frames_received for stream in ovs.streams)
"""
    ran = run(pytester, code, "-o", "asyncio_mode=auto", "--ovs-leaks=warn")
    assert ran.parseoutcomes()["passed"] == 3
    assert "never closed" in ran.stdout.str()
    assert "left connected" not in ran.stdout.str()


def test_a_test_that_fails_ends_its_publishers_too(pytester: pytest.Pytester) -> None:
    code = """
def test_failing(ovs, ovs_publish):
    created = create(ovs)
    ovs_publish(created)
    close(ovs, created)
    assert False, "on purpose"

def test_next(ovs, ovs_publish):
    created = create(ovs)
    ovs_publish(created)
    close(ovs, created)
"""
    ran = run(pytester, code, "--ovs-leaks=fail")
    ran.assert_outcomes(passed=1, failed=1)
    assert "on purpose" in ran.stdout.str()


def test_with_xdist_every_worker_publishes(pytester: pytest.Pytester) -> None:
    code = """
@pytest.mark.parametrize("number", range(4))
def test_video(ovs, ovs_publish, number):
    created = create(ovs)
    ovs_publish(created)
    close(ovs, created)
"""
    run(pytester, code, "-n", "2", "--ovs-leaks=fail").assert_outcomes(passed=4)


def test_the_missing_extra_is_named(pytester: pytest.Pytester) -> None:
    code = """
import sys
def test_video(ovs, ovs_publish, monkeypatch):
    monkeypatch.setitem(sys.modules, "livekit.rtc", None)
    ovs_publish(create(ovs))
"""
    pytester.makepyfile(SUITE + code)
    ran = run_inside(pytester)
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["*MissingExtraError: *pip install 'ovs-mock?publish?'*"])


def test_the_fixture_is_listed_and_costs_nothing_until_it_is_used(pytester: pytest.Pytester) -> None:
    run_inside(pytester, "--fixtures").stdout.fnmatch_lines(["ovs_publish -- *", "*real LiveKit video into a stream*"])
    code = """
import sys
def test_nothing_heavy(ovs, ovs_publish):
    assert not {"livekit.rtc", "av"} & set(sys.modules)
"""
    pytester.makepyfile(test_light=code)
    pytester.runpytest_subprocess("-p", "no:randomly", "test_light.py").assert_outcomes(passed=1)
