"""What the plugin costs: when pytest starts, and each time that a test asks for a fixture."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from statistics import median

from benchmarks import children
from benchmarks.measured import Group, Row, counted, in_turns, milliseconds

TESTS = 100
SESSIONS = 3
STARTS = 15
IMPORT = "import pytest, time; begun = time.perf_counter(); import {module}; print(time.perf_counter() - begun)"
OURS, THEIRS = "ovs_mock", "pytest_httpserver"
# The other plugins that are installed would only add noise.
OTHERS = sorted({entry.name for entry in entry_points(group="pytest11")} - {OURS, THEIRS})

# Writes down how long setup and teardown of each test take.
CONFTEST = """
import json, pathlib
spent = {}
def pytest_runtest_logreport(report):
    if report.when in ("setup", "teardown"):
        spent[report.nodeid] = spent.get(report.nodeid, 0) + report.duration * 1000
def pytest_sessionfinish():
    pathlib.Path(__file__).with_name("spent.json").write_text(json.dumps(list(spent.values())))
"""
USED = """
    import urllib.request
    asked = urllib.request.Request(ovs.v02 + "/models", headers={"Authorization": "Bearer " + ovs.api_key})
    assert urllib.request.urlopen(asked).status == 200"""
USED_PEER = """
    import urllib.request
    httpserver.expect_request("/models").respond_with_json([])
    assert urllib.request.urlopen(httpserver.url_for("/models")).status == 200"""
UNUSED = " pass"


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as directory:
        yield from _imports()
        yield from _starts(Path(directory))
        yield from _fixtures(Path(directory))


def _imports() -> Iterator[Row]:
    works = [_import_of("pytest_ovs_mock.plugin")]
    if children.have_peers():
        works.append(_import_of("pytest_httpserver.pytest_plugin"))
    ours, *theirs = in_turns(STARTS, *works)
    yield Row(
        key="plugin.import",
        what="import of the plugin, after pytest",
        unit="ms",
        samples=ours,
        peer="pytest-httpserver",
        peer_samples=theirs[0] if theirs else (),
    )


def _import_of(module: str) -> Callable[[], float]:
    command = [sys.executable, "-c", IMPORT.format(module=module)]

    def once() -> float:
        done = subprocess.run(command, env=children.environment(), capture_output=True, text=True, check=True)
        return float(done.stdout) * 1_000

    return once


def _starts(directory: Path) -> Iterator[Row]:
    """What is added is the difference of two sessions that ran one after the other."""
    (directory / "test_nothing.py").touch()
    without, ours, theirs = in_turns(STARTS, *(_start(directory, off) for off in ((OURS, THEIRS), (THEIRS,), (OURS,))))
    yield Row(key="pytest.bare", what="pytest --collect-only without it", unit="ms", samples=without)
    yield Row(
        key="plugin.pytest",
        what="added to that by the plugin",
        unit="ms",
        samples=_added(ours, without),
        peer="pytest-httpserver",
        peer_samples=_added(theirs, without) if children.have_peers() else (),
    )


def _start(directory: Path, off: tuple[str, ...]) -> Callable[[], float]:
    return lambda: milliseconds(lambda: _pytest(directory, "--collect-only", off=off, status=5))


def _added(with_: list[float], without: list[float]) -> list[float]:
    return [one - other for one, other in zip(with_, without, strict=True)]


def _fixtures(directory: Path) -> Iterator[Row]:
    yield from _fixture_rows(directory, "ovs.fixture", "ovs fixture", UNUSED, UNUSED)
    yield from _fixture_rows(directory, "ovs.fixture.used", "ovs fixture, with a call", USED, USED_PEER)


def _fixture_rows(directory: Path, key: str, what: str, ours: str, theirs: str) -> Iterator[Row]:
    """Each sample is a test's setup and teardown, less those of a test without fixtures."""
    mine: list[list[float]] = []
    peers: list[list[float]] = []
    for _ in counted(range(SESSIONS)):
        bare = median(_session(directory, "", UNUSED))
        mine.append([spent - bare for spent in _session(directory, "ovs", ours)])
        if children.have_peers():
            peers.append([spent - bare for spent in _session(directory, "httpserver", theirs)])
    for key_, what_, part in (("", "first test", slice(1)), (key, "each later test", slice(1, None))):
        yield Row(
            key=key_,
            what=f"{what}: {what_}",
            unit="ms",
            samples=[spent for session in mine for spent in session[part]],
            peer="httpserver fixture",
            peer_samples=[spent for session in peers for spent in session[part]],
        )


def _session(directory: Path, fixture: str, body: str) -> list[float]:
    """What pytest spent on each test besides running it. The first one imports what the fixture needs."""
    (directory / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    tests = (f"def test_{number}({fixture}):{body}" for number in range(TESTS + 1))
    (directory / "test_many.py").write_text("\n".join(tests), encoding="utf-8")
    _pytest(directory, "test_many.py")
    spent: list[float] = json.loads((directory / "spent.json").read_text(encoding="utf-8"))
    return spent


def _pytest(directory: Path, *arguments: str, off: tuple[str, ...] = (), status: int = 0) -> None:
    switches = [word for name in (*OTHERS, *off) for word in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *switches, *arguments]
    done = subprocess.run(
        command, cwd=directory, env=children.environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stdout + done.stderr


GROUP = Group(
    title="The pytest plugin",
    how=(
        "*Import*: in a new interpreter that has imported pytest. *Added to pytest*: wall time of `--collect-only` on "
        "an empty file with the plugin less that with `-p no:` of it, run one after the other, all other installed "
        f"plugins switched off. *Fixture*: setup and teardown as pytest reports them, of the first test, "
        f"which imports the libraries, and of {TESTS} later ones in {SESSIONS} sessions, less the median of tests "
        "without fixtures. The `httpserver` fixture "
        "clears one server that is kept for the session, and whose libraries are imported when pytest starts; `ovs` "
        "starts and ends one for each test."
    ),
    measure=measure,
)
