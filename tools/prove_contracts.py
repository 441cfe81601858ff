"""Prove the contract suite: it holds on the mock with many seeds and many cases, and it notices every mutant.

Run by ``make contracts``. Ends with 0 when all of that is true.
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
    started = monotonic()
    failed = [*_seeds(options.seeds, options.jobs), *_long_run(options.cases)]
    failed += _mutants(options.every, options.jobs)
    print(f"\n{'All of it holds' if not failed else 'Failed: ' + ', '.join(failed)}; {monotonic() - started:.0f} s")
    return bool(failed)


def _seeds(count: int, jobs: int) -> Iterator[str]:
    """Run the suite with each seed; every run starts a mock of its own."""
    print(f"The suite against the mock, with {count} seeds")
    with ThreadPoolExecutor(jobs) as pool:
        for seed, run in enumerate(pool.map(_run, range(1, count + 1)), start=1):
            print(f"  seed {seed}: {_last_line(run)}", flush=True)
            if run.returncode:
                print(run.stdout + run.stderr)
                yield f"seed {seed}"


def _run(seed: int) -> subprocess.CompletedProcess[str]:
    return _contracts("run", "--quiet", "--target", "mock", "--seed", str(seed))


def _long_run(cases: int) -> Iterator[str]:
    """Run the checks that generate their cases with many of them."""
    print(f"\nGenerated calls and sessions, {cases} cases of each", flush=True)
    run = _contracts("run", "--quiet", "--only", "generated", "--only", "stateful", "--cases", str(cases))
    print(f"  {_last_line(run)}")
    if run.returncode:
        print(run.stdout + run.stderr)
        yield "the generated cases"


def _mutants(every: int, jobs: int) -> Iterator[str]:
    """Test all mutants, or some of each area, as they are listed by area."""
    names = [mutant["name"] for mutant in json.loads(_contracts("self-test", "--list", "--json").stdout)]
    chosen = names[::every]
    print(f"\n{len(chosen)} of {len(names)} mutants", flush=True)
    command = [*CONTRACTS, "self-test", "--jobs", str(jobs), *(chosen if every > 1 else ())]
    if subprocess.run(command, check=False).returncode:
        yield "the mutants"


def _contracts(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*CONTRACTS, *arguments], check=False, capture_output=True, text=True)


def _last_line(run: subprocess.CompletedProcess[str]) -> str:
    return (run.stdout.strip() or run.stderr.strip() or "(no output)").splitlines()[-1]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=20, help="runs of the whole suite; default: %(default)s")
    parser.add_argument("--cases", type=int, default=150, help="generated cases of each check; default: %(default)s")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="runs at a time; default: %(default)s")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="test every Nth mutant; default: all")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
