"""A line at the end of the run: what all tests would have cost, and what they left open."""

from collections.abc import Iterator

import pytest

from pytest_ovs_mock.verdict import COST, LEAK_COUNT

MICROCENTS_PER_DOLLAR = 100_000_000


class Summary:
    """Adds up what tests report; with pytest-xdist, that is in the process which leads the others."""

    def __init__(self) -> None:
        self._tests = self._microcents = self._leaks = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "teardown":
            return
        told = dict(report.user_properties)
        if COST in told:
            self._tests += 1
            self._microcents += int(str(told[COST]))
            self._leaks += int(str(told.get(LEAK_COUNT, 0)))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._tests:
            terminalreporter.write_line("ovs-mock: " + ", ".join(self._said()))

    def _said(self) -> Iterator[str]:
        yield f"{self._tests} test{'s' if self._tests > 1 else ''}"
        yield f"{self._microcents / MICROCENTS_PER_DOLLAR:.4f} dollars saved"
        if self._leaks:
            yield f"{self._leaks} leak{'s' if self._leaks > 1 else ''}"
