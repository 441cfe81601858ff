"""Real video for a test, from publishers that are gone when it ends."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ovs_mock import Ovs, OvsPublish


@pytest.fixture
def ovs_publish(ovs: "Ovs") -> "Iterator[OvsPublish]":
    """``publisher = ovs_publish(created)``: real LiveKit video into a stream, once it flows; ends with the test."""
    from ovs_mock import OvsPublish

    publish = OvsPublish(ovs)
    yield publish
    publish.close()
