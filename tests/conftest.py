"""Fixtures for tests that talk to a running mock."""

import signal
from collections.abc import Iterator

import pytest
from ovs_support.v02 import Caller

from ovs_mock import Ovs

pytest_plugins = ["pytester"]

# Whoever runs us in the background may have Ctrl-C ignored, and processes that tests interrupt would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def call(ovs: Ovs) -> Iterator[Caller]:
    """Calls v0.2 with the mock's own key."""
    with Caller(ovs) as caller:
        yield caller
