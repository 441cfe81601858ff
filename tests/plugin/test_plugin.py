"""The plugin in somebody else's test suite."""

import pytest
from ovs_support.inner_run import run_inside

SUITE = """
import json, unittest, urllib.request
import pytest

STREAM = {"processing": {"interval_seconds": 1}, "inference": {"prompt": "?", "model": "Qwen/Qwen3.5-9B"}}

def create(ovs):
    headers = {"Authorization": f"Bearer {ovs.api_key}"}
    request = urllib.request.Request(f"{ovs.v02}/streams", json.dumps(STREAM).encode(), headers)
    return json.load(urllib.request.urlopen(request))["stream_id"]
"""


def passes(pytester: pytest.Pytester, code: str, count: int, *, asyncio: bool = False) -> None:
    pytester.makepyfile(SUITE + code)
    run_inside(pytester, asyncio=asyncio).assert_outcomes(passed=count)


def test_every_test_gets_a_mock_of_its_own(pytester: pytest.Pytester) -> None:
    code = """
@pytest.mark.parametrize("number", [1, 2])
def test_there_is_one_stream(ovs, number):
    create(ovs)
    assert len(ovs.streams) == 1
"""
    passes(pytester, code, 2)


def test_a_five_minute_lease_expires_in_no_time(pytester: pytest.Pytester) -> None:
    code = """
@pytest.fixture
def ovs_settings():
    from ovs_mock import Settings
    return Settings(ttl_seconds=300)

def test_expiry(ovs):
    stream_id = create(ovs)
    ovs.advance(299)
    assert ovs.stream(stream_id).running
    ovs.advance(1)
    assert ovs.stream(stream_id).end_reason == "lease_expired"
"""
    passes(pytester, code, 1)


def test_the_clock_is_a_fixture_too(pytester: pytest.Pytester) -> None:
    code = """
@pytest.fixture
def ovs_clock():
    return "frozen"

def test_time_stands_still(ovs):
    assert ovs.now() == ovs.now()
"""
    passes(pytester, code, 1)


def test_unittest_classes_can_use_it(pytester: pytest.Pytester) -> None:
    code = """
class TestApp(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _mock(self, ovs):
        self.ovs = ovs

    def test_it(self):
        self.assertTrue(create(self.ovs))
"""
    passes(pytester, code, 1)


def test_asyncio_tests_can_use_it(pytester: pytest.Pytester) -> None:
    code = """
async def test_it(ovs):
    create(ovs)
    assert len(ovs.advance(46)) == 1
"""
    passes(pytester, code, 1, asyncio=True)


def test_ids_are_the_same_in_every_run(pytester: pytest.Pytester) -> None:
    code = """
def test_it(ovs, record_property):
    print("ID", create(ovs))
"""
    pytester.makepyfile(SUITE + code)
    runs = [pytester.runpytest_subprocess("-s", "-p", "no:randomly").outlines for _ in range(2)]
    first, second = ([line for line in run if "ID " in line] for run in runs)
    assert first == second != []


SHARED = """
from ovs_mock import Settings

@pytest.fixture(scope="session")
def shared(ovs_server):
    mock = ovs_server.open_tenant(Settings(seed=7, ttl_seconds=300), "frozen")
    yield mock
    assert not mock.streams[0].running
    ovs_server.close_tenant(mock)
"""
CREATING = """
def test_creates(shared, ovs):
    create(shared)
    assert not ovs.streams
"""
SHARING = """
def test_sees_it(shared):
    assert [event.reason for event in shared.advance(300)] == ["lease_expired"]
"""


def test_a_mock_for_the_whole_session(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(SUITE + SHARED)
    pytester.makepyfile(test_a=SUITE + CREATING, test_b=SHARING)
    pytester.runpytest_subprocess("-p", "no:randomly").assert_outcomes(passed=2)


def test_the_fixture_is_listed_with_what_it_is(pytester: pytest.Pytester) -> None:
    listed = run_inside(pytester, "--fixtures")
    listed.stdout.fnmatch_lines(["ovs -- *", "*running mock of the Overshoot API*"])
