"""What the plugin costs: when pytest starts, and each time that a test asks for a fixture."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks import children
from benchmarks.measured import Group, Row, counted, in_turns, milliseconds
from benchmarks.testruns import HTTPSERVER, NO_PEER, NONE, OPENAI, OURS, RESPX, Library, run
from benchmarks.usages import OVS, USAGES, Usage, module

TESTS = 100
SESSIONS = 3
STARTS = 15
# Of peers that ours does not stand beside; some of them take their time.
FEWER_TESTS = 20
FEWER_STARTS = 3
IMPORT = "import pytest, time; begun = time.perf_counter(); import {module}; print(time.perf_counter() - begun)"
# The modules that pytest imports when it starts.
MODULES = {
    OURS: "pytest_ovs_mock.plugin, ovs_contracts.runner.options",
    HTTPSERVER: "pytest_httpserver.pytest_plugin",
    RESPX: "respx.plugin",
    OPENAI: "openai_responses.plugin",
}

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
UNUSED = "pass"


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as directory:
        yield from _imports()
        yield from _starts(Path(directory))
        yield from _fixtures(Path(directory))


def _imports() -> Iterator[Row]:
    ours, *theirs = in_turns(STARTS, *map(_import_of, (OURS, HTTPSERVER) if children.have_peers() else (OURS,)))
    yield _beside("plugin.import", "import of the plugin, after pytest", ours, *theirs, paired=True)
    for peer in _other_peers():
        samples = in_turns(FEWER_STARTS, _import_of(peer))[0]
        yield Row(key="", what=f"import of the plugin of {peer.name}", unit="ms", samples=samples)


def _import_of(library: Library) -> Callable[[], float]:
    command = [library.python, "-c", IMPORT.format(module=MODULES[library])]

    def once() -> float:
        done = subprocess.run(command, env=children.environment(), capture_output=True, text=True, check=True)
        return float(done.stdout) * 1_000

    return once


def _starts(directory: Path) -> Iterator[Row]:
    """What is added is the difference of two sessions of one interpreter that ran one after the other."""
    (directory / "test_nothing.py").touch()
    peers = (NO_PEER, HTTPSERVER) if children.have_peers() else ()
    bare, ours, *theirs = in_turns(STARTS, *(_start(directory, each) for each in (NONE, OURS, *peers)))
    yield Row(key="pytest.bare", what="pytest --collect-only without it", unit="ms", samples=bare)
    added = [_added(theirs[1], theirs[0])] if theirs else []
    yield _beside("plugin.pytest", "added to that by the plugin", _added(ours, bare), *added)
    for peer in _other_peers():
        without, samples = in_turns(FEWER_STARTS, _start(directory, NO_PEER), _start(directory, peer))
        what = f"added by the plugin of {peer.name}"
        yield Row(key="", what=what, unit="ms", samples=_added(samples, without))


def _start(directory: Path, library: Library) -> Callable[[], float]:
    return lambda: milliseconds(lambda: run(library, directory, "--collect-only", status=5))


def _added(with_: list[float], without: list[float]) -> list[float]:
    return [one - other for one, other in zip(with_, without, strict=True)]


def _beside(key: str, what: str, ours: list[float], theirs: Sequence[float] = (), *, paired: bool = False) -> Row:
    return Row(key=key, what=what, unit="ms", samples=ours, peer=HTTPSERVER.name, peer_samples=theirs, paired=paired)


def _other_peers() -> tuple[Library, ...]:
    """Those with a plugin."""
    return (RESPX, OPENAI) if children.have_peers() else ()


def _fixtures(directory: Path) -> Iterator[Row]:
    httpserver = USAGES["httpserver"] if children.have_peers() else None
    yield from _fixture_rows(directory, "ovs.fixture", "ovs fixture", OVS, httpserver, used=False)
    yield from _fixture_rows(directory, "ovs.fixture.used", "ovs fixture, with a call", OVS, httpserver, used=True)
    for name, usage in USAGES.items() if children.have_peers() else ():
        if name != "httpserver":
            what = f"fixture of {usage.library.name}, with a call"
            samples = _session(directory, usage, FEWER_TESTS, used=True)
            yield Row(key="", what=f"{what}: first test", unit="ms", samples=samples[:1])
            yield Row(key="", what=f"{what}: each later test", unit="ms", samples=samples[1:])


def _fixture_rows(
    directory: Path, key: str, what: str, usage: Usage, peer: Usage | None, *, used: bool
) -> Iterator[Row]:
    """Each sample is a test's setup and teardown, less those of a test without fixtures."""
    mine: list[list[float]] = []
    peers: list[list[float]] = []
    for _ in counted(range(SESSIONS)):
        mine.append(_session(directory, usage, TESTS, used=used))
        if peer:
            peers.append(_session(directory, peer, TESTS, used=used))
    for key_, what_, part in (("", "first test", slice(1)), (key, "each later test", slice(1, None))):
        yield Row(
            key=key_,
            what=f"{what}: {what_}",
            unit="ms",
            samples=[spent for session in mine for spent in session[part]],
            peer="httpserver fixture",
            peer_samples=[spent for session in peers for spent in session[part]],
        )


def _session(directory: Path, usage: Usage, tests: int, *, used: bool) -> list[float]:
    """What pytest spent on each test besides running it. The first one imports what the fixture needs."""
    bare = median(_spent(directory, usage.library, module("", "", UNUSED, tests)))
    text = module(usage.above, usage.fixture, usage.asks if used else UNUSED, tests + 1)
    return [spent - bare for spent in _spent(directory, usage.library, text)]


def _spent(directory: Path, library: Library, text: str) -> list[float]:
    (directory / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (directory / "test_many.py").write_text(text, encoding="utf-8")
    run(library, directory, "test_many.py")
    spent: list[float] = json.loads((directory / "spent.json").read_text(encoding="utf-8"))
    return spent


GROUP = Group(
    title="The pytest plugin",
    how=(
        "*Import*: in a new interpreter that has imported pytest. *Added to pytest*: wall time of `--collect-only` on "
        "an empty file with the plugin less that with `-p no:` of it, run one after the other, all other installed "
        "plugins switched off. *Fixture*: setup and teardown as pytest reports them, of the first test, "
        f"which imports the libraries, and of {TESTS} later ones in {SESSIONS} sessions, less the median of tests "
        f"without fixtures; of peers that ours does not stand beside, {FEWER_TESTS} in one. The `httpserver` fixture "
        "clears one server that is kept for the session, and whose libraries are imported when pytest starts; `ovs` "
        "opens and closes a tenant of its own for each test. What `respx_mock`, `openai_mock` and `mock_aws` do, they "
        "do in the client, some of it within the test, which is not counted here. moto has no plugin: its fixture is "
        "written as its users write it."
    ),
    measure=measure,
)
