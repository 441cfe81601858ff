"""Collects the suite once, and forks a child for each run, as collecting takes longer than many runs.

``python -m ovs_contracts.mutation.host`` reads the runs as a line of JSON, and writes a line for each result.
It has no threads: a process that forks should have none.
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
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NoReturn

import pytest
from pydantic import TypeAdapter

from ovs_contracts.mutation import child
from ovs_contracts.mutation.check_order import CheckOrder
from ovs_contracts.mutation.results import TrialOutcome, TrialResult, TrialRun
from ovs_contracts.runner.launch import LaunchError, run_pytest
from ovs_contracts.transport.realtime import stopwatch

Write = Callable[[dict[str, Any]], None]
# The host looks so often whether a child takes too long.
POLL_SECONDS = 1.0


@dataclass(slots=True)
class _Child:
    """A process that makes one run. It leads a process group, to which the mock that it starts belongs too."""

    run: TrialRun
    pid: int
    pipe: int
    started: float
    output: bytes = b""

    def wait(self) -> TrialResult:
        """The result that the child wrote, once it has ended."""
        _, status = os.waitpid(self.pid, 0)
        seconds = round(stopwatch() - self.started, 3)
        if status == 0 and self.output:
            return replace(TypeAdapter(TrialResult).validate_json(self.output), seconds=seconds)
        message = self.output.decode(errors="replace") or f"the run ended with status {status}"
        return TrialResult(outcome=TrialOutcome.INCONCLUSIVE, message=message, seconds=seconds)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


@dataclass(slots=True)
class MutationHost:
    """A plugin of pytest that makes many runs from one collection."""

    runs: list[TrialRun]
    at_a_time: int
    timeout: float
    write: Write
    _children: dict[int, _Child] = field(default_factory=dict)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if not session.items:
            # pytest calls this also when it is about to say why it found nothing.
            return
        order = CheckOrder(session.items)
        # The garbage collector leaves frozen objects alone, and so their memory stays shared with the children.
        gc.collect()
        gc.freeze()
        waiting = list(self.runs)
        while waiting or self._children:
            while waiting and len(self._children) < self.at_a_time:
                self._start(session, waiting.pop(0), order)
            self._poll()
        # The children have executed the checks; nothing is left to pytest's own loop.
        session.items.clear()

    def kill(self) -> None:
        """End every child."""
        for each in self._children.values():
            each.kill()

    def _start(self, session: pytest.Session, run: TrialRun, order: CheckOrder) -> None:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            _be_a_child(session, run, order, writing)
        os.close(writing)
        # Here and in the child, as either may come first.
        with suppress(OSError):
            os.setpgid(pid, pid)
        self._children[reading] = _Child(run, pid, reading, stopwatch())
        self._selector.register(reading, selectors.EVENT_READ)

    def _poll(self) -> None:
        for key, _ in self._selector.select(POLL_SECONDS):
            each = self._children[key.fd]
            if output := os.read(key.fd, 65_536):
                each.output += output
            else:
                self._end(each, each.wait())
        for each in list(self._children.values()):
            if stopwatch() - each.started > self.timeout:
                each.kill()
                os.waitpid(each.pid, 0)
                message = f"no end after {self.timeout:g} s"
                outcome = TrialOutcome.INCONCLUSIVE
                self._end(each, TrialResult(outcome=outcome, message=message, seconds=self.timeout))

    def _end(self, each: _Child, result: TrialResult) -> None:
        # Its process group may still have a mock.
        each.kill()
        self._selector.unregister(each.pipe)
        os.close(each.pipe)
        del self._children[each.pipe]
        self.write({"number": each.run.number, **asdict(result)})


def _be_a_child(session: pytest.Session, run: TrialRun, order: CheckOrder, pipe: int) -> NoReturn:
    """Make the run, write its result, and exit without clean-up: what is open belongs to the host too."""
    status = 1
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _write_all(pipe, json.dumps(asdict(child.run_trial(session, run, order))))
        status = 0
    except BaseException as error:  # noqa: BLE001 - whatever it was, the child ends here
        _write_all(pipe, "".join(traceback.format_exception(error))[-2_000:])
    finally:
        os._exit(status)


def _write_all(pipe: int, text: str) -> None:
    rest = text.encode()
    while rest:
        rest = rest[os.write(pipe, rest) :]


def main() -> None:
    request = json.loads(sys.stdin.readline())
    # pytest's own output takes the place of standard output.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)

    def write(row: dict[str, Any]) -> None:
        output.write(json.dumps(row) + "\n")

    runs = TypeAdapter(list[TrialRun]).validate_python(request["runs"])
    host = MutationHost(runs, request["at_a_time"], request["timeout"], write)
    _exit_on_signals(host)
    try:
        # Children would share the files in which pytest captures output.
        run_pytest(request["areas"], None, ["--capture=no"], [host])
    except LaunchError as error:
        write({"error": str(error)})


def _exit_on_signals(host: MutationHost) -> None:
    """The parent ends the host with SIGTERM, also when the user presses Ctrl-C."""

    def end(number: int, frame: object) -> NoReturn:
        host.kill()
        os._exit(1)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()
