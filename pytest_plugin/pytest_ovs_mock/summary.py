"""A line at the end of the run: what all tests would have cost, and how much they have left open."""

from collections.abc import Iterator

import pytest

from pytest_ovs_mock.report import COST, LEAK_COUNT, MOCK, TARGET

MICROCENTS_PER_DOLLAR = 100_000_000


class RunSummary:
    """Adds up what tests report; with pytest-xdist, in the controller process."""

    def __init__(self) -> None:
        self._tests = self._microcents = self._leaks = 0
        self._target = MOCK

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "teardown":
            return
        properties = dict(report.user_properties)
        if COST in properties:
            self._tests += 1
            self._microcents += int(str(properties[COST]))
            self._target = str(properties.get(TARGET, MOCK))
            self._leaks += int(str(properties.get(LEAK_COUNT, 0)))

    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter") -> None:
        if self._tests:
            terminalreporter.write_line("ovs-mock: " + ", ".join(self._parts()))

    def _parts(self) -> Iterator[str]:
        yield f"{self._tests} test{'s' if self._tests > 1 else ''}"
        dollars = self._microcents / MICROCENTS_PER_DOLLAR
        yield f"{dollars:.4f} dollars saved" if self._target == MOCK else f"about {dollars:.4f} dollars spent"
        if self._leaks:
            yield f"{self._leaks} leak{'s' if self._leaks > 1 else ''}"
