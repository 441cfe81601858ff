"""What a small suite takes in all: 20 tests, each with state of its own that it makes and reads back."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import children
from benchmarks.measured import Group, Row, in_turns, milliseconds
from benchmarks.testruns import NO_PEER, NONE, Library, run
from benchmarks.usages import AIOHTTP, OVS, USAGES, Usage, module

TESTS = 20
ROUNDS = 7
# Of peers that ours does not stand beside; some of them take their time.
FEWER_ROUNDS = 2
EMPTY = "empty"


def measure() -> Iterator[Row]:
    """Each beside the same number of tests that do nothing, which ran just before with the same interpreter."""
    with tempfile.TemporaryDirectory() as directory:
        yield from _ours(Path(directory))
        if children.have_peers():
            yield from _others(Path(directory))


def _ours(directory: Path) -> Iterator[Row]:
    works = [_empty(directory, NONE), _suite(directory, "ovs", OVS), _suite(directory, "aiohttp", AIOHTTP)]
    if children.have_peers():
        works += [_empty(directory, NO_PEER), _suite(directory, "httpserver", USAGES["httpserver"])]
    empty, ours, bare, *theirs = in_turns(ROUNDS, *works)
    yield Row(key="", what=f"{TESTS} tests that do nothing", unit="ms", samples=empty)
    yield Row(
        key="suite.twenty",
        what=f"added to that by {TESTS} tests of ovs-mock",
        unit="ms",
        samples=_less(ours, empty),
        peer="pytest-httpserver",
        peer_samples=_less(theirs[1], theirs[0]) if theirs else (),
    )
    yield Row(
        key="suite.twenty.bare",
        what=f"added by {TESTS} tests of ovs-mock",
        unit="ms",
        samples=_less(ours, empty),
        peer="bare aiohttp server",
        peer_samples=_less(bare, empty),
    )


def _others(directory: Path) -> Iterator[Row]:
    for name, usage in USAGES.items():
        if name != "httpserver":
            empty, taken = in_turns(FEWER_ROUNDS, _empty(directory, NO_PEER), _suite(directory, name, usage))
            what = f"added by {TESTS} tests of {usage.library.name}"
            yield Row(key="", what=what, unit="ms", samples=_less(taken, empty))


def _suite(directory: Path, name: str, usage: Usage) -> Callable[[], float]:
    text = module(usage.above, usage.fixture, usage.keeps, TESTS)
    return _run(directory / name, text, usage.library)


def _empty(directory: Path, library: Library) -> Callable[[], float]:
    return _run(directory / EMPTY, module("", "", "pass", TESTS), library)


def _run(directory: Path, text: str, library: Library) -> Callable[[], float]:
    directory.mkdir(exist_ok=True)
    (directory / "test_all.py").write_text(text, encoding="utf-8")
    # Once unmeasured: modules are compiled, as they are from the second run on.
    run(library, directory)
    return lambda: milliseconds(lambda: run(library, directory))


def _less(taken: list[float], empty: list[float]) -> list[float]:
    return [one - other for one, other in zip(taken, empty, strict=True)]


GROUP = Group(
    title="20 tests in all",
    how=(
        f"Wall time of a whole run of pytest with {TESTS} tests, less that of as many tests that do nothing and load "
        "no plugin. Each test makes something, reads it back and takes it away, three calls, apart from all others: a "
        "stream with `ovs`, three handlers with `httpserver` (both over HTTP, with urllib), three routes with "
        "`respx_mock` and a file with `openai_mock` (inside of httpx), a bucket with `mock_aws` (inside of botocore). "
        "A *bare aiohttp server* is what every mock on aiohttp pays: its import, a thread, and the same three calls "
        "with a dictionary. pytest-httpserver has little to import, and waits for up to half a second when it ends its "
        "server with the session. Peers have an environment of their own."
    ),
    measure=measure,
)
