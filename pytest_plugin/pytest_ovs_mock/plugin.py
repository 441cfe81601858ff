"""The pytest plugin. Nothing heavy is imported until a test asks for a fixture."""

from typing import TYPE_CHECKING

import pytest

from pytest_ovs_mock.guarding import (
    _ovs_guarded,
    ovs_guard,
    ovs_intercepted,
    pytest_addoption,
    pytest_runtest_makereport,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovs_mock import BackgroundMock, Ovs, Settings

__all__ = ["_ovs_guarded", "ovs_guard", "ovs_intercepted", "pytest_addoption", "pytest_runtest_makereport"]


@pytest.fixture(scope="session")
def ovs_server() -> "Iterator[BackgroundMock]":
    """The server that the tests of this process share; each test is a tenant of its own."""
    from ovs_mock import BackgroundMock

    with BackgroundMock() as server:
        yield server


@pytest.fixture
def ovs_settings() -> "Settings":
    """Settings of the test's mock. Override it in a module or class to choose others."""
    from ovs_mock import Settings

    return Settings(seed=0)


@pytest.fixture
def ovs_clock() -> str:
    """The kind of clock of the test's mock: ``running`` (it runs, and advance() moves it) or ``frozen``."""
    return "running"


@pytest.fixture
def ovs(
    ovs_server: "BackgroundMock",
    ovs_settings: "Settings",
    ovs_clock: str,
    _ovs_guarded: None,
    request: pytest.FixtureRequest,
) -> "Iterator[Ovs]":
    """A running mock of the Overshoot API, this test's own: nothing is left of other tests, nothing goes to them."""
    from dataclasses import replace

    settings = ovs_settings if ovs_settings.name else replace(ovs_settings, name=request.node.nodeid)
    ovs = ovs_server.open_tenant(settings, ovs_clock)  # type: ignore[arg-type]
    yield ovs
    ovs_server.close_tenant(ovs)
