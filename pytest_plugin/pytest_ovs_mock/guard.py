"""While a test uses the mock, the real API is out of reach; who reaches for it all the same fails the test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from pytest_ovs_mock.interrupts import was_interrupted

if TYPE_CHECKING:
    from ovs_mock import Guard, Ovs

_GUARD: "pytest.StashKey[Guard]" = pytest.StashKey()
_REPORTED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("ovs_guard", "keep tests that use the mock from reaching the real API", type="bool", default=True)


@pytest.fixture
def ovs_guard(pytestconfig: pytest.Config) -> bool:
    """Whether a test that uses the mock is kept from reaching the real API: so by default, and by ``ovs_guard``."""
    return bool(pytestconfig.getini("ovs_guard"))


@pytest.fixture
def _ovs_guarded(*, ovs_guard: bool, request: pytest.FixtureRequest) -> Iterator[None]:
    if not ovs_guard:
        yield
        return
    from ovs_mock import Guard

    with Guard() as guard:
        request.node.stash[_GUARD] = guard
        yield
    if guard.attempts and not request.node.stash.get(_REPORTED, False) and not was_interrupted(request.config):
        pytest.fail(f"the real API was reached for, and the test did not notice\n\n{guard.report()}", pytrace=False)


@pytest.fixture
def ovs_intercepted(ovs: "Ovs") -> "Iterator[Ovs]":
    """The mock ``ovs``, to which https://api.overshoot.ai leads during this test, whatever client calls it."""
    with ovs.intercept():
        yield ovs


def add_report_section(item: pytest.Item, report: pytest.TestReport) -> None:
    """Say beside a failure that the real API was reached for: it may well be why."""
    if report.when == "call" and not report.passed and (guard := item.stash.get(_GUARD, None)) and guard.attempts:
        item.stash[_REPORTED] = True
        report.sections.append(("ovs guard", guard.report()))
