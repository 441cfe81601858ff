"""The pytest plugin. Nothing heavy is imported until a test asks for a fixture."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovs_mock import BackgroundMock, Settings


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
def ovs(ovs_settings: "Settings", ovs_clock: str) -> "Iterator[BackgroundMock]":
    """A running mock of the Overshoot API, fresh for this test and on a thread of its own."""
    from ovs_mock import BackgroundMock

    with BackgroundMock(ovs_settings, clock=ovs_clock) as mock:  # type: ignore[arg-type]
        yield mock
