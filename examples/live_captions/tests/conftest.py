"""The application beside a mock. A test ends its sleeps and sees its captions."""

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
    """The application, with an inference each second."""
    async with LiveCaptions(ovs.v02, ovs.api_key, "What is there?", sleep=naps) as captions:
        yield captions


@pytest.fixture
async def screen(ovs: Ovs, captions: LiveCaptions) -> AsyncIterator[Screen]:
    """A screen whose socket is open: it receives every result from now on."""
    screen = Screen(captions)
    # The application runs on this test's event loop, so the test waits on a thread.
    await asyncio.to_thread(ovs.wait_for_watchers, captions.stream_id)
    yield screen
    screen.task.cancel()
    await asyncio.wait([screen.task])
