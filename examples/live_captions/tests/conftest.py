"""The app beside a mock: its naps end when the test says so, and its captions are shown."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from captions_support import Naps, Screen
from live_captions import LiveCaptions

from ovs_mock import Ovs


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
async def captions(ovs: Ovs, naps: Naps) -> AsyncIterator[LiveCaptions]:
    """The app, with a camera that is asked once a second."""
    async with LiveCaptions(ovs.v02, ovs.api_key, "What is there?", sleep=naps) as captions:
        yield captions


@pytest.fixture
async def screen(ovs: Ovs, captions: LiveCaptions) -> AsyncIterator[Screen]:
    """A screen that the API knows of: whatever is said from now on is shown."""
    screen = Screen(captions)
    # The app lives on this test's event loop, so the test waits on a thread.
    await asyncio.to_thread(ovs.wait_for_watchers, captions.stream_id)
    yield screen
    screen.task.cancel()
    await asyncio.wait([screen.task])
