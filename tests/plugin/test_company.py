"""The plugin beside others, and when a run is broken off."""

import pytest

pytest.importorskip("xdist")
pytest.importorskip("pytest_randomly")

SUITE = """
import json, os, pathlib, signal, threading, unittest, urllib.request
import pytest

STREAM = {"processing": {"interval_seconds": 1}, "inference": {"prompt": "?", "model": "Qwen/Qwen3.5-9B"}}

def create(ovs):
    headers = {"Authorization": f"Bearer {ovs.api_key}"}
    request = urllib.request.Request(f"{ovs.v02}/streams", json.dumps(STREAM).encode(), headers)
    return json.load(urllib.request.urlopen(request))["stream_id"]
"""

MANY = """
@pytest.mark.ovs(clock="frozen")
@pytest.mark.parametrize("number", range(6))
def test_it(ovs, number, record_property):
    ovs.model.reply(str(number))
    stream_id = create(ovs)
    ovs.play(stream_id, 15)
    ovs.advance(15)
    assert [stream.id for stream in ovs.streams] == [stream_id]
    assert {entry.stream_id for entry in ovs.journal.events(__import__("ovs_mock").events.ResultReady)} == {stream_id}
    pathlib.Path(os.environ["IDS"], str(number)).write_text(stream_id)
    if number:
        ovs.advance(15)
"""


def test_the_same_happens_on_several_workers_in_any_order(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(SUITE + MANY)
    ids, said = [], []
    for name, *arguments in (["alone", "-p", "no:randomly"], ["spread", "-n", "2", "-p", "randomly", "-v"]):
        folder = pytester.mkdir(name)
        monkeypatch.setenv("IDS", str(folder))
        ran = pytester.runpytest_subprocess(*arguments)
        ran.assert_outcomes(passed=6, warnings=1)
        ids.append({path.name: path.read_text() for path in folder.iterdir()})
        said.append([line for line in ran.outlines if line.startswith("ovs-mock:")])
    assert ids[0] == ids[1]
    assert len(set(ids[0].values())) == 6
    # One line, with the sum over all workers.
    assert said == [["ovs-mock: 6 tests, 0.0850 dollars saved, 1 leak"]] * 2


LOOPS = """
import anyio, httpx

async def created(ovs):
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {ovs.api_key}"}) as api:
        return (await api.post(f"{ovs.v02}/streams", json=STREAM)).json()["stream_id"]

@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request):
    return request.param

@pytest.fixture
async def stream_id(ovs, anyio_backend):
    return await created(ovs)

@pytest.mark.anyio
async def test_on_any_loop(ovs, stream_id):
    assert [event.stream_id for event in ovs.advance(46)] == [stream_id]

@pytest.mark.anyio
async def test_what_is_waited_for_on_a_thread(ovs, stream_id):
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.to_thread.run_sync, ovs.wait_for_frames, stream_id)
        ovs.play(stream_id, 1)
    ovs.advance(46)

class TestSync(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _mock(self, ovs):
        self.ovs = ovs

    @pytest.mark.ovs(ttl_seconds=5)
    def test_it(self):
        create(self.ovs)
        assert len(self.ovs.advance(6)) == 1

class TestAsync(unittest.IsolatedAsyncioTestCase):
    @pytest.fixture(autouse=True)
    def _mock(self, ovs):
        self.ovs = ovs

    async def test_it(self):
        await created(self.ovs)
        self.assertEqual(len(self.ovs.advance(46)), 1)
"""


def test_anyio_trio_and_unittest_can_use_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE + LOOPS)
    pytester.runpytest_subprocess("-p", "no:randomly", "--ovs-leaks=fail").assert_outcomes(passed=6)


INTERRUPTED = """
import aiohttp

@pytest.fixture
def interrupted():
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    yield
    timer.cancel()

@pytest.mark.asyncio
async def test_on_a_loop(ovs, interrupted):
    stream_id = create(ovs)
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(f"{ovs.v02}/ws/streams/{stream_id}".replace("http", "ws")) as watching:
            await watching.send_json({"api_key": ovs.api_key})
            await watching.receive()

@pytest.mark.ovs(ttl_seconds=3000)
def test_without(ovs, interrupted):
    ovs.model.reply("never asked for")
    ovs.wait_for_frames(create(ovs), timeout=1000)
"""


@pytest.mark.parametrize("name", ["test_on_a_loop", "test_without"])
def test_an_interrupted_run_ends(pytester: pytest.Pytester, name: str) -> None:
    pytester.makepyfile(SUITE + INTERRUPTED)
    ran = pytester.runpytest_subprocess("-p", "no:randomly", "--ovs-leaks=fail", "-k", name, timeout=100)
    assert ran.ret == pytest.ExitCode.INTERRUPTED
    assert "INTERNALERROR" not in ran.stdout.str() + ran.stderr.str()
    ran.stdout.fnmatch_lines(["!* KeyboardInterrupt !*", "=* 1 deselected in *"])
