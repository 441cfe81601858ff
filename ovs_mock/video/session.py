"""A place in a room, as the publisher has it: LiveKit's SDK sits there, in its own process."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import numpy as np

from ovs_mock.video.pixels import Rgb
from ovs_mock.video.sdk import PublishError, TrackOptions
from ovs_mock.video.sdk_client import SdkClient

# Seconds that the SDK may take to say goodbye.
PATIENCE = 10.0


class PublisherSession:
    """Lives on the event loop that made it. ``put_out`` is called there with LiveKit's reason when the room is left."""

    def __init__(self, put_out: Callable[[str], None]) -> None:
        loop = asyncio.get_running_loop()

        def tell(reason: str) -> None:
            # A loop that is closed has nobody left to be told.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(put_out, reason)

        self._process = SdkClient.running()
        self._number = self._process.seat(tell)

    async def join(self, url: str, token: str, **options: Any) -> None:
        """Raises the SDK's ``rtc.ConnectError``; who stops to wait does not get in."""
        try:
            await self._do("join", url=url, token=token, **options)
        except BaseException:
            with suppress(PublishError):
                self._process.tell({"seat": self._number, "do": "leave"})
            raise

    async def publish(self, width: int, height: int, options: TrackOptions) -> None:
        await self._do("publish", width=width, height=height, options=asdict(options))

    def frame(self, rgb: Rgb, timestamp_us: int) -> None:
        """Send a picture (height, width, 3) of ``uint8``. ValueError for an array that is none."""
        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or not rgb.size:
            raise ValueError(f"a picture is (height, width, 3) of uint8, this is {rgb.shape} of {rgb.dtype}")
        height, width = rgb.shape[:2]
        order = {"seat": self._number, "do": "frame", "width": width, "height": height, "timestamp_us": timestamp_us}
        self._process.tell({**order, "bytes": rgb.nbytes}, np.ascontiguousarray(rgb).reshape(-1).data)

    async def unpublish(self) -> None:
        await self._do("unpublish")

    async def leave(self) -> None:
        """Leave the room. Nothing happens when the SDK is not there any more."""
        with suppress(PublishError, TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._do("leave")

    async def _do(self, what: str, **more: Any) -> None:
        await asyncio.wrap_future(self._process.ask({"seat": self._number, "do": what, **more}))
