"""The self-test: a control run on the unchanged mock, and then a run for each mutant."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from pydantic import TypeAdapter

from ovs_contracts.mutation.catalogue import mutants
from ovs_contracts.mutation.results import (
    MutantInfo,
    SelfTestError,
    SelfTestResult,
    Trial,
    TrialOutcome,
    TrialResult,
    TrialRun,
)
from ovs_contracts.transport.realtime import stopwatch

CONTROL = 0
# One run of the whole suite takes a minute or two.
TIMEOUT_SECONDS = 900.0


def run_self_test(
    names: Sequence[str] | None = None,
    jobs: int | None = None,
    seed: int = 1,
    progress: Callable[[Trial, int, int], None] = lambda trial, done, total: None,
    *,
    areas: Sequence[str] = (),
    timeout: float = TIMEOUT_SECONDS,
) -> SelfTestResult:
    """Run the suite against mutants.

    Args:
        names: The mutants; all by default.
        jobs: Runs at a time; one for each processor by default.
        seed: Of the mocks and of generated cases.
        progress: Called after each mutant with its trial, and how many of how many are done.
        areas: The areas of the suite whose checks are executed; all by default.
        timeout: Seconds for one run; a longer run is inconclusive.

    Raises:
        NoSuchMutantError: There is no mutant of a name.
        SelfTestError: The suite fails on the unchanged mock too, or cannot be run.
    """
    wanted = mutants(names)
    started = stopwatch()
    trials: dict[int, Trial] = {}
    passed = 0
    with _host(wanted, areas=areas, jobs=jobs or os.cpu_count() or 1, seed=seed, timeout=timeout) as results:
        for number, result in results:
            if number == CONTROL:
                passed = _passed_checks(result)
                continue
            trials[number] = Trial(mutant=wanted[number - 1], **asdict(result))
            progress(trials[number], len(trials), len(wanted))
    if not passed or len(trials) < len(wanted):
        raise SelfTestError("the self-test ended before all runs were made")
    return SelfTestResult(
        trials=tuple(trials[number] for number in sorted(trials)),
        control_checks=passed,
        seconds=round(stopwatch() - started, 3),
    )


def _passed_checks(control: TrialResult) -> int:
    """How many checks passed on the unchanged mock; a SelfTestError unless all did that could be executed."""
    if control.outcome is not TrialOutcome.SURVIVED:
        raise SelfTestError(
            f"the suite does not pass on the unchanged mock, and so says nothing about mutants: "
            f"{control.by or 'it could not be run'}: {control.message}"
        )
    if not control.passed:
        raise SelfTestError("no check could be executed on the unchanged mock")
    return control.passed


@contextmanager
def _host(
    wanted: Sequence[MutantInfo], *, areas: Sequence[str], jobs: int, seed: int, timeout: float
) -> Iterator[Iterator[tuple[int, TrialResult]]]:
    """The results that the host writes. The control run comes first: without it the others are worth nothing."""
    runs = [TrialRun(number=number, mutant=mutant, seed=seed) for number, mutant in enumerate([None, *wanted])]
    request = {
        "runs": [asdict(run) for run in runs],
        "areas": list(areas),
        "at_a_time": jobs,
        "timeout": timeout,
    }
    command = [sys.executable, "-m", "ovs_contracts.mutation.host"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            yield map(_result, process.stdout)
        finally:
            process.terminate()


def _result(line: str) -> tuple[int, TrialResult]:
    row = json.loads(line)
    if "error" in row:
        raise SelfTestError(f"the suite cannot be read: {row['error']}")
    return row.pop("number"), TypeAdapter(TrialResult).validate_python(row)
