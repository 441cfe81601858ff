"""Find flaky tests: repeat chosen tests while other processes keep the cores busy.

Usage: python tools/find_flaky.py [--times N] [--minutes M] [--busy PROCESSES] [TEST …]

It ends after N rounds or M minutes, whichever comes first, and reports each test that failed at least once, with its
first failure. Exit codes: 0 when no test failed, 1 when one did, 2 when no test ran.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

ROOT = Path(__file__).parents[1]
REPORTS = "OVS_FLAKY_REPORTS"
DEFAULT_TESTS = [
    "tests/plugin",
    "tests/contracts/relay",
    "tests/contracts/rehearsal",
    "tests/ingest",
    "tests/video",
    "tests/browser",
]
# Ends with its parent, also when the parent is killed.
SPIN = "import os\nparent = os.getppid()\nwhile os.getppid() == parent:\n    sum(range(100_000))"


def pytest_runtest_logreport(report: Any) -> None:
    """As a pytest plugin: writes each outcome at once, so that a round that is cut off still reports its tests."""
    if path := os.environ.get(REPORTS):
        line = {"id": report.nodeid, "failed": report.failed, "when": report.when, "text": report.longreprtext}
        with Path(path).open("a") as file:
            file.write(json.dumps(line) + "\n")


@dataclass
class TestRecord:
    """What all rounds found out about one test."""

    runs: int = 0
    failures: int = 0
    first_failure: str = ""


def main() -> int:
    options = _options()
    deadline = monotonic() + 60 * options.minutes
    records: dict[str, TestRecord] = {}
    rounds = 0
    with _busy_cores(options.busy):
        while rounds < options.times and monotonic() < deadline:
            rounds += 1
            complete = _run_round(options.tests, deadline - monotonic(), records)
            failed = sum(record.failures for record in records.values())
            cut = "" if complete else ", cut off by --minutes"
            print(f"round {rounds} of {options.times}{cut}: {failed} failures so far", flush=True)
    return _print_result(records)


def _run_round(tests: list[str], seconds: float, records: dict[str, TestRecord]) -> bool:
    """Runs the tests once; returns whether they ran to their end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reports.jsonl"
        path.touch()
        environment = {**os.environ, REPORTS: str(path), "PYTHONPATH": str(ROOT / "tools")}
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            "0",
            "-q",
            "-p",
            "find_flaky",
            "-p",
            "no:cacheprovider",
            *tests,
        ]
        complete, output = _run(command, environment, seconds)
        lines = [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]
    if not lines:
        print(output)
    for line in lines:
        record = records.setdefault(line["id"], TestRecord())
        record.runs += line["when"] == "setup"
        if line["failed"]:
            record.failures += 1
            record.first_failure = record.first_failure or line["text"]
    return complete


def _run(command: list[str], environment: dict[str, str], seconds: float) -> tuple[bool, str]:
    """Runs a command in a process group of its own, which is ended with it."""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            return True, process.communicate(timeout=max(1.0, seconds))[0]
        except subprocess.TimeoutExpired:
            return False, ""
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def _busy_cores(count: int) -> Iterator[None]:
    spinning = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(count)]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


def _print_result(records: dict[str, TestRecord]) -> int:
    flaky = {name: record for name, record in records.items() if record.failures}
    for name, record in flaky.items():
        print(f"\n{'=' * 100}\n{name}: failed {record.failures} of {record.runs} times. Its first failure:\n")
        print(record.first_failure)
    runs = sum(record.runs for record in records.values())
    print(f"\n{len(records)} tests, {runs} runs; {len(flaky)} tests failed at least once")
    for name, record in flaky.items():
        print(f"  {record.failures}/{record.runs} {name}")
    return 2 if not runs else int(bool(flaky))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "tests", nargs="*", default=DEFAULT_TESTS, help="files, folders or test ids; options of pytest after --"
    )
    parser.add_argument("--times", type=int, default=10, help="rounds; default: %(default)s")
    parser.add_argument("--minutes", type=float, default=20, help="limit for all rounds; default: %(default)s")
    busy = 2 * (os.cpu_count() or 1)
    parser.add_argument(
        "--busy", type=int, default=busy, help="processes that keep the cores busy; default: %(default)s"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
