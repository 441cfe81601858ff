"""Prove the contract suite: it holds on the mock under many seeds and many cases, and it notices every drift.

Run by ``make contracts``. Ends with 0 when all of it is so.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

CONTRACTS = [sys.executable, "-m", "ovs_contracts"]


def main() -> int:
    options = _options()
    begun = monotonic()
    wrong = [*_seeds(options.seeds, options.jobs), *_long_run(options.cases)]
    wrong += _drifts(options.every, options.jobs)
    print(f"\n{'All of it holds' if not wrong else 'Wrong: ' + ', '.join(wrong)}; {monotonic() - begun:.0f} s")
    return bool(wrong)


def _seeds(count: int, jobs: int) -> Iterator[str]:
    """Each run starts a mock of its own; none may find anything."""
    print(f"The suite against the mock, with {count} seeds")
    with ThreadPoolExecutor(jobs) as pool:
        for seed, run in enumerate(pool.map(_run, range(1, count + 1)), start=1):
            print(f"  seed {seed}: {_last_line(run)}", flush=True)
            if run.returncode:
                print(run.stdout + run.stderr)
                yield f"seed {seed}"


def _run(seed: int) -> subprocess.CompletedProcess[str]:
    return _asked("run", "--quiet", "--target", "mock", "--seed", str(seed))


def _long_run(cases: int) -> Iterator[str]:
    print(f"\nGenerated calls and sessions, {cases} cases of each", flush=True)
    run = _asked("run", "--quiet", "--only", "generated", "--only", "machines", "--cases", str(cases))
    print(f"  {_last_line(run)}")
    if run.returncode:
        print(run.stdout + run.stderr)
        yield "the generated cases"


def _drifts(every: int, jobs: int) -> Iterator[str]:
    """All drifts, or some of each area, as they are listed by area."""
    names = [drift["name"] for drift in json.loads(_asked("self-test", "--list", "--json").stdout)]
    chosen = names[::every]
    print(f"\n{len(chosen)} of {len(names)} drifts", flush=True)
    tried = [*CONTRACTS, "self-test", "--jobs", str(jobs), *(chosen if every > 1 else ())]
    if subprocess.run(tried, check=False).returncode:
        yield "the drifts"


def _asked(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*CONTRACTS, *arguments], check=False, capture_output=True, text=True)


def _last_line(run: subprocess.CompletedProcess[str]) -> str:
    return (run.stdout.strip() or run.stderr.strip() or "nothing was said").splitlines()[-1]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=20, help="runs of the whole suite; default: %(default)s")
    parser.add_argument("--cases", type=int, default=150, help="generated cases of each check; default: %(default)s")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="runs at a time; default: %(default)s")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try every Nth drift; default: all")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
