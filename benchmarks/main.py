"""Measures group by group, and prints each figure when it is there."""

import sys
import time
import traceback
from pathlib import Path

from benchmarks import advance, calls, children, frames, plugin, pushed, startup, suites, video
from benchmarks.limits import RETRIES
from benchmarks.measured import Group, UnavailableError
from benchmarks.report import Report, machine

HERE = Path(__file__).parent
GROUPS = {
    "startup": startup.GROUP,
    "plugin": plugin.GROUP,
    "suites": suites.GROUP,
    "calls": calls.GROUP,
    "advance": advance.GROUP,
    "pushed": pushed.GROUP,
    "video": video.GROUP,
    "frames": frames.GROUP,
}


def main(names: list[str]) -> int:
    """Measure the groups of these names, or all and write RESULTS.md; the process's status."""
    if unknown := set(names) - set(GROUPS):
        print(f"no group {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}", file=sys.stderr)
        return 2
    begun, report = time.perf_counter(), Report()
    print("\n".join(machine()))
    if not children.have_peers():
        print("without peers, which `make bench` installs (see requirements.txt)")
    for name in names or GROUPS:
        _measure(GROUPS[name], report)
    took = time.perf_counter() - begun
    print(f"\n{took:.0f} s; {_outcome(report)}")
    if not names:
        report.write(HERE / "RESULTS.md", took)
        print("written to benchmarks/RESULTS.md")
    return 1 if report.broken else 0


def _measure(group: Group, report: Report) -> None:
    """Measure a group, and again what is beyond its limit. A group that fails does not stop the others."""
    report.begin(group)
    try:
        for row in group.measure():
            report.add(row)
        for _ in range(RETRIES):
            if not (broken := report.broken_in(group)):
                break
            report.retry(row for row in group.measure() if row.key in broken)
    except (UnavailableError, ImportError) as error:
        report.miss(group, str(error))
    except Exception as error:  # noqa: BLE001 - printed, with its traceback
        traceback.print_exc()
        report.miss(group, f"{type(error).__name__}: {error}")


def _outcome(report: Report) -> str:
    missed = f", {len(report.unmeasured)} groups not fully measured" if report.unmeasured else ""
    return (f"{len(report.broken)} limits broken" if report.broken else "every measured limit holds") + missed
