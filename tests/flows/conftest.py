"""Callers of v1 and v1beta."""

from collections.abc import Iterator

import pytest
from ovs_support.chat import ChatCaller

from ovs_mock import Ovs


@pytest.fixture
def v1(ovs: Ovs) -> Iterator[ChatCaller]:
    with ChatCaller(ovs, ovs.v1) as caller:
        yield caller


@pytest.fixture
def v1beta(ovs: Ovs) -> Iterator[ChatCaller]:
    with ChatCaller(ovs, ovs.v1beta) as caller:
        yield caller


@pytest.fixture(params=["v1", "v1beta"])
def either(ovs: Ovs, request: pytest.FixtureRequest) -> Iterator[ChatCaller]:
    """Calls one version, and then the other."""
    with ChatCaller(ovs, getattr(ovs, request.param)) as caller:
        yield caller
