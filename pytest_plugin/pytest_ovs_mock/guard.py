"""Tests that use the mock cannot reach the real API: an attempt fails the test, even if the code ignores the error."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from pytest_ovs_mock.interrupts import was_interrupted

if TYPE_CHECKING:
    from ovs_mock import Guard, Ovs

_GUARD: "pytest.StashKey[Guard]" = pytest.StashKey()
_REPORTED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "ovs_guard", "block connections to the real API in tests that use the mock", type="bool", default=True
    )


@pytest.fixture
def ovs_guard(pytestconfig: pytest.Config) -> bool:
    """Whether connections to the real API are blocked in tests that use the mock.

    Defaults to the ini option ``ovs_guard``, which defaults to true. Override it to let some tests through.
    """
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
        pytest.fail(f"the code called the real API, and the test did not fail\n\n{guard.report()}", pytrace=False)


@pytest.fixture
def ovs_intercepted(ovs: "Ovs") -> "Iterator[Ovs]":
    """The mock ``ovs``, with https://api.overshoot.ai redirected to it for all clients during the test.

    For code with a built-in URL. Needs ``pip install 'ovs-mock[intercept]'``. See ``Ovs.intercept``.
    """
    with ovs.intercept():
        yield ovs


def add_report_section(item: pytest.Item, report: pytest.TestReport) -> None:
    """Show blocked connections beside a failure: they may be its cause."""
    if report.when == "call" and not report.passed and (guard := item.stash.get(_GUARD, None)) and guard.attempts:
        item.stash[_REPORTED] = True
        report.sections.append(("ovs guard", guard.report()))
