"""Reads the suite once and forks a child for each run: what takes long is done one time only.

``python -m ovs_contracts.mutation.host`` takes a line of JSON with the jobs, and writes a line for each that is done.
It has no threads, as a process that forks should not.
"""

import gc
import json
import os
import selectors
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import pytest

from ovs_contracts.mutation import child
from ovs_contracts.mutation.check_order import CheckOrder
from ovs_contracts.mutation.protocol import MutantRun, MutantRunResult
from ovs_contracts.mutation.results import TrialOutcome
from ovs_contracts.runner.launch import LaunchError, pytest_on_the_suite
from ovs_contracts.transport.realtime import stopwatch

Tell = Callable[[dict[str, Any]], None]
# How often is looked whether a child takes too long, in seconds.
PATIENCE = 1.0


@dataclass(slots=True)
class _Child:
    """A process that makes one run. It leads a group of its own, to which the mock that it starts belongs too."""

    job: MutantRun
    pid: int
    pipe: int
    began: float
    said: bytes = b""

    def outcomes(self) -> MutantRunResult:
        """What it said, once it has ended."""
        _, status = os.waitpid(self.pid, 0)
        seconds = round(stopwatch() - self.began, 3)
        if status == 0 and self.said:
            return replace(MutantRunResult.of(json.loads(self.said)), seconds=seconds)
        how = self.said.decode(errors="replace") or f"the run ended with status {status}"
        return MutantRunResult(fate=TrialOutcome.UNTRIED, message=how, seconds=seconds)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


@dataclass(slots=True)
class MutationHost:
    """A plugin of pytest that makes many runs out of one collection."""

    jobs: list[MutantRun]
    at_a_time: int
    timeout: float
    tell: Tell
    _children: dict[int, _Child] = field(default_factory=dict)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if not session.items:
            # Also called when pytest is about to say why it found nothing.
            return
        order = CheckOrder(session.items)
        # What is there now is not looked at by the collector any more, and stays shared with the children.
        gc.collect()
        gc.freeze()
        waiting = list(self.jobs)
        while waiting or self._children:
            while waiting and len(self._children) < self.at_a_time:
                self._start(session, waiting.pop(0), order)
            self._listen()
        # Nothing is made here: pytest has done what it was started for.
        session.items.clear()

    def kill(self) -> None:
        """End every run that is under way."""
        for each in self._children.values():
            each.kill()

    def _start(self, session: pytest.Session, job: MutantRun, order: CheckOrder) -> None:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            _be_a_child(session, job, order, writing)
        os.close(writing)
        # Here and in the child, as nobody knows which of the two comes first.
        with suppress(OSError):
            os.setpgid(pid, pid)
        self._children[reading] = _Child(job, pid, reading, stopwatch())
        self._selector.register(reading, selectors.EVENT_READ)

    def _listen(self) -> None:
        for key, _ in self._selector.select(PATIENCE):
            each = self._children[key.fd]
            if said := os.read(key.fd, 65_536):
                each.said += said
            else:
                self._ended(each, each.outcomes())
        for each in list(self._children.values()):
            if stopwatch() - each.began > self.timeout:
                each.kill()
                os.waitpid(each.pid, 0)
                late = MutantRunResult(
                    fate=TrialOutcome.UNTRIED, message=f"no end after {self.timeout:g} s", seconds=self.timeout
                )
                self._ended(each, late)

    def _ended(self, each: _Child, outcomes: MutantRunResult) -> None:
        # Whatever it left behind, such as a mock.
        each.kill()
        self._selector.unregister(each.pipe)
        os.close(each.pipe)
        del self._children[each.pipe]
        self.tell({"number": each.job.number, **outcomes.shown()})


def _be_a_child(session: pytest.Session, job: MutantRun, order: CheckOrder, pipe: int) -> NoReturn:
    """Make the run, say how it ended, and go without any farewell: all that is open belongs to the host too."""
    status = 1
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _say(pipe, json.dumps(child.run(session, job, order).shown()))
        status = 0
    except BaseException as error:  # noqa: BLE001 - whatever it was, the child ends here
        _say(pipe, "".join(traceback.format_exception(error))[-2_000:])
    finally:
        os._exit(status)


def _say(pipe: int, text: str) -> None:
    said = text.encode()
    while said:
        said = said[os.write(pipe, said) :]


def main() -> None:
    told = json.loads(sys.stdin.readline())
    # pytest's own words take the place of standard output.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)

    def tell(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer) + "\n")

    host = MutationHost([MutantRun.of(job) for job in told["jobs"]], told["at_a_time"], told["timeout"], tell)
    _end_when_told(host)
    try:
        # Children would share the files that output is captured in.
        pytest_on_the_suite(told["areas"], None, ["--capture=no"], [host])
    except LaunchError as error:
        tell({"error": str(error)})


def _end_when_told(host: MutationHost) -> None:
    """Whoever started the host ends it; Ctrl-C is theirs to understand."""

    def end(number: int, frame: object) -> NoReturn:
        host.kill()
        os._exit(1)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()
