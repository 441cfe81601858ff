"""Real video, from the app's camera to the model."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
from live_captions import LiveCaptions, Picture

from ovs_mock import Ovs


async def red_wall() -> AsyncIterator[Picture]:
    """A camera that sends red frames, 15 per second."""
    picture = np.zeros((360, 640, 3), np.uint8)
    picture[..., 0] = 220
    while True:
        yield picture
        await asyncio.sleep(1 / 15)


async def test_the_model_sees_what_the_camera_films(ovs: Ovs, captions: LiveCaptions) -> None:
    filming = asyncio.create_task(captions.publish(red_wall()))
    caption = await anext(captions.captions())
    filming.cancel()
    await asyncio.wait([filming])

    assert "red" in caption
    seen = ovs.stream(captions.stream_id)
    assert (seen.width, seen.height) == (640, 360)
    assert seen.frames_received > 0
