"""A door watch that sleeps on the mock's clock, and a camera that sends video meanwhile."""

from collections.abc import Iterator

import pytest
from door_watch import DoorWatch

from ovs_mock import Ovs


@pytest.fixture
def watch(ovs: Ovs) -> Iterator[DoorWatch]:
    """The application as in production, except for the address, the key and the clock."""

    def sleep(seconds: float) -> None:
        ovs.play(app.stream_id, seconds, fps=1)

    with DoorWatch(ovs.v1beta, ovs.api_key, sleep=sleep, now=ovs.now) as app:
        yield app


@pytest.fixture
def blind_watch(ovs: Ovs) -> Iterator[DoorWatch]:
    """The same with a camera that sends no frames."""
    with DoorWatch(ovs.v1beta, ovs.api_key, sleep=ovs.advance, now=ovs.now) as app:
        yield app
