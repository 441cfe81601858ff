"""A door watch whose sleep is the mock's time, with a camera that films meanwhile."""

from collections.abc import Iterator

import pytest
from door_watch import DoorWatch

from ovs_mock import Ovs


@pytest.fixture
def watch(ovs: Ovs) -> Iterator[DoorWatch]:
    """The app as it is in production, but for the address, the key and the passing of time."""

    def sleep(seconds: float) -> None:
        ovs.play(app.stream_id, seconds, fps=1)

    with DoorWatch(ovs.v1beta, ovs.api_key, sleep=sleep, now=ovs.now) as app:
        yield app


@pytest.fixture
def blind_watch(ovs: Ovs) -> Iterator[DoorWatch]:
    """The same with a camera that is off: time passes, and no frame comes."""
    with DoorWatch(ovs.v1beta, ovs.api_key, sleep=ovs.advance, now=ovs.now) as app:
        yield app
