"""The fixture that publishes real video."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ovs_mock import Ovs, OvsPublish


@pytest.fixture
def ovs_publish(ovs: "Ovs") -> "Iterator[OvsPublish]":
    """Publishes real LiveKit video into a stream: ``publisher = ovs_publish(created)``.

    ``created`` is the body of the answer that created the stream. Returns when video arrives. Every publisher
    disconnects at the end of the test. Needs ``pip install 'ovs-mock[publish]'``.
    """
    from ovs_mock import OvsPublish

    publish = OvsPublish(ovs)
    yield publish
    publish.close()
