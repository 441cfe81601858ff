"""The self-test: a control run first of all, and then a run for each drift."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from ovs_contracts.mutation.catalogue import drifts
from ovs_contracts.mutation.protocol import MutantRun, MutantRunResult
from ovs_contracts.mutation.results import MutantInfo, SelfTestError, SelfTestResult, Trial, TrialOutcome
from ovs_contracts.transport.realtime import stopwatch

CONTROL = 0
# One run of the whole suite takes a minute or two.
TIMEOUT = 900.0


def run_self_test(
    names: Sequence[str] | None = None,
    jobs: int | None = None,
    seed: int = 1,
    progress: Callable[[Trial, int, int], None] = lambda tried, done, total: None,
    *,
    areas: Sequence[str] = (),
    timeout: float = TIMEOUT,
) -> SelfTestResult:
    """Try the drifts of these names, or all, with the checks of these areas, or all; so many at a time.

    Raises SelfTestError when the suite fails on a mock without a drift: it would fail on every other mock too.
    """
    wanted = drifts(names)
    began = stopwatch()
    tried: dict[str, Trial] = {}
    passed = 0
    with _host(wanted, areas=areas, jobs=jobs or os.cpu_count() or 1, seed=seed, timeout=timeout) as answers:
        for number, outcomes in answers:
            if number == CONTROL:
                passed = _passed(outcomes)
                continue
            drift = wanted[number - 1]
            tried[drift.name] = _tried(drift, outcomes)
            progress(tried[drift.name], len(tried), len(wanted))
    if not passed or len(tried) < len(wanted):
        raise SelfTestError("the self-test ended before all runs were made")
    return SelfTestResult(
        tried=tuple(tried[drift.name] for drift in wanted),
        control_checks=passed,
        seconds=round(stopwatch() - began, 3),
    )


def _passed(control: MutantRunResult) -> int:
    """How many checks passed without a drift; a SelfTestError unless all did that could be made."""
    if control.fate is not TrialOutcome.SURVIVED:
        raise SelfTestError(
            f"the suite does not pass on a mock without a drift, and so says nothing about others: "
            f"{control.by or 'it could not be run'}: {control.message}"
        )
    if not control.passed:
        raise SelfTestError("no check could be made on a mock without a drift")
    return control.passed


def _tried(drift: MutantInfo, outcomes: MutantRunResult) -> Trial:
    return Trial(
        drift=drift,
        fate=outcomes.fate,
        by=outcomes.by,
        message=outcomes.message,
        checks=outcomes.checks,
        seconds=outcomes.seconds,
    )


@contextmanager
def _host(
    wanted: Sequence[MutantInfo], *, areas: Sequence[str], jobs: int, seed: int, timeout: float
) -> Iterator[Iterator[tuple[int, MutantRunResult]]]:
    """What the host says about each job. The control goes first: without it the others are worth nothing."""
    control = MutantRun(number=CONTROL, drift=None, seed=seed)
    runs = [MutantRun(number=number, drift=drift, seed=seed) for number, drift in enumerate(wanted, 1)]
    told = {
        "jobs": [asdict(job) for job in (control, *runs)],
        "areas": list(areas),
        "at_a_time": jobs,
        "timeout": timeout,
    }
    command = [sys.executable, "-m", "ovs_contracts.mutation.host"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(told) + "\n")
            process.stdin.flush()
            yield map(_answer, process.stdout)
        finally:
            process.terminate()


def _answer(line: str) -> tuple[int, MutantRunResult]:
    said: dict[str, Any] = json.loads(line)
    if "error" in said:
        raise SelfTestError(f"the suite cannot be read: {said['error']}")
    return said.pop("number"), MutantRunResult.of(said)
