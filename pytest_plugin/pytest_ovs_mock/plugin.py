"""The pytest plugin. The mock is imported when the first test requests a fixture."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from pytest_ovs_mock import guard, live, options
from pytest_ovs_mock import report as test_report
from pytest_ovs_mock.bytecode import pytest_load_initial_conftests, without_gc
from pytest_ovs_mock.guard import _ovs_guarded, ovs_guard, ovs_intercepted
from pytest_ovs_mock.interrupts import InterruptWatcher, was_interrupted
from pytest_ovs_mock.live import _ovs_relay
from pytest_ovs_mock.publishers import ovs_publish
from pytest_ovs_mock.summary import RunSummary

if TYPE_CHECKING:
    from ovs_mock import BackgroundMock, Ovs, Settings

__all__ = ["_ovs_guarded", "_ovs_relay", "ovs_guard", "ovs_intercepted", "ovs_publish", "pytest_load_initial_conftests"]


def pytest_addoption(parser: pytest.Parser) -> None:
    options.pytest_addoption(parser)
    guard.pytest_addoption(parser)


def pytest_configure(config: pytest.Config) -> None:
    options.pytest_configure(config)
    config.pluginmanager.register(RunSummary(), "ovs-mock-summary")
    config.pluginmanager.register(InterruptWatcher(config), "ovs-mock-interrupts")


def pytest_report_header(config: pytest.Config) -> str | None:
    return live.header(config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    guard.add_report_section(item, report)
    test_report.add_report_sections(item, report)
    return report


@pytest.fixture(scope="session")
def _ovs_imported(pytestconfig: pytest.Config) -> None:
    """Imports the mock; the first of the fixtures that ``ovs`` requests."""
    with without_gc():
        import_module(
            "ovs_mock.handle.background"
            if live.target(pytestconfig) == test_report.MOCK
            else "ovs_mock.handle.live.handle"
        )


@pytest.fixture(scope="session")
def ovs_server() -> "Iterator[BackgroundMock]":
    """The server that all tests of this process share. Each ``ovs`` is a tenant of it, with a state of its own.

    For a mock that lives longer than a test, open a tenant in a fixture of a wider scope:
    ``mock = ovs_server.open_tenant(Settings(seed=1))``, and ``ovs_server.close_tenant(mock)`` at the end.
    """
    from ovs_mock import BackgroundMock

    with BackgroundMock() as server:
        yield server


@pytest.fixture
def ovs_settings(pytestconfig: pytest.Config) -> "Settings":
    """Settings of the test's mock. Override it in a class, module or conftest: ``return Settings(ttl_seconds=300)``.

    For one test, ``@pytest.mark.ovs(ttl_seconds=300)`` changes single settings.
    """
    from ovs_mock import Settings

    return Settings(seed=pytestconfig.getoption("ovs_seed", 0))


@pytest.fixture
def ovs_clock(pytestconfig: pytest.Config) -> str:
    """Clock of the test's mock: ``running``, with the machine's, or ``frozen``; ``advance()`` moves either.

    Defaults to ``--ovs-clock``, then to the ini option ``ovs_clock``, then to ``running``. Override it in a class,
    module or conftest; for one test, use ``@pytest.mark.ovs(clock="frozen")``.
    """
    return options.default_clock(pytestconfig)


@pytest.fixture
def ovs(
    _ovs_imported: None,
    ovs_settings: "Settings",
    ovs_clock: str,
    _ovs_guarded: None,
    request: pytest.FixtureRequest,
) -> "Iterator[Ovs]":
    """A running mock of the Overshoot API for this test, with a state of its own. Starts in about a millisecond.

    ``ovs.url`` and ``ovs.api_key`` are what a client needs. The test fails at teardown when scripted replies or faults
    were not used, or when a callback raised an error that no client has received; what it leaves open gives a warning.
    With ``--ovs-target=live`` it leads to production, and what only the mock can do skips the test.
    """
    chosen = options.test_options(request.node, ovs_clock)
    open_handle = _mock_handle if live.target(request.config) == test_report.MOCK else _live_handle
    with open_handle(request, ovs_settings, chosen) as ovs:
        test_report.remember_handle(request.node, ovs)
        yield ovs
        failures = [] if was_interrupted(request.config) else test_report.teardown_failures(request.node, ovs, chosen)
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)


@contextmanager
def _mock_handle(request: pytest.FixtureRequest, settings: "Settings", chosen: options.TestOptions) -> "Iterator[Ovs]":
    if chosen.target == "live":
        pytest.skip("needs a server that is not a mock, by ovs(target='live'): run it with --ovs-target=live")
    server: BackgroundMock = request.getfixturevalue("ovs_server")
    settings = chosen.apply_to(settings)
    if not settings.name:
        settings = replace(settings, name=request.node.nodeid)
    ovs = server.open_tenant(settings, chosen.clock)  # type: ignore[arg-type]
    for model, status in chosen.models.items():
        ovs.set_model_status(model, status)
    try:
        yield ovs
    finally:
        server.close_tenant(ovs)


@contextmanager
def _live_handle(request: pytest.FixtureRequest, settings: "Settings", chosen: options.TestOptions) -> "Iterator[Ovs]":
    ovs = live.live_handle(request.getfixturevalue("_ovs_relay"), settings, chosen)
    try:
        yield ovs
    finally:
        ovs.close()
