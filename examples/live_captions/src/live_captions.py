"""Captions of what a camera sees, as they arrive."""

import asyncio
import contextlib
import http
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Self

import aiohttp
import numpy as np
import numpy.typing as npt
from livekit import rtc

MODEL = "Qwen/Qwen3.5-9B"
BACK_OFF = (1.0, 2.0, 4.0, 8.0, 10.0)
RETRY_SECONDS = 2.0

Picture = npt.NDArray[np.uint8]
"""Height, width and red, green, blue."""


class RefusedError(Exception):
    """The API refuses the key, or the stream belongs to another user."""


class CaptionsOverError(Exception):
    """The stream was ended by the API; the message says why."""


class LiveCaptions:
    """One camera's captions. Use it in ``async with``; iterate over ``captions()``."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        prompt: str,
        *,
        every: float = 1.0,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._base_url, self._api_key, self._prompt, self._every = base_url, api_key, prompt, every
        self._sleep = sleep
        self._stream: dict[str, Any] = {}
        self._room: rtc.Room | None = None

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(headers={"Authorization": f"Bearer {self._api_key}"})
        try:
            body = {
                "processing": {"interval_seconds": self._every},
                "inference": {"prompt": self._prompt, "model": MODEL},
            }
            self._stream = await self._call("POST", "/streams", body)
        except BaseException:
            await self._http.close()
            raise
        self._keeping = asyncio.create_task(self._keep_alive())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._keeping
        try:
            if self._room is not None:
                await self._room.disconnect()
            await self._call("DELETE", f"/streams/{self.stream_id}")
        finally:
            await self._http.close()

    @property
    def stream_id(self) -> str:
        return str(self._stream["stream_id"])

    async def publish(self, pictures: AsyncIterator[Picture]) -> None:
        """Sends the camera's frames until it has no more."""
        self._room = rtc.Room()
        await self._room.connect(self._stream["livekit"]["url"], self._stream["livekit"]["token"])
        source: rtc.VideoSource | None = None
        async for picture in pictures:
            height, width, _ = picture.shape
            if source is None:
                source = rtc.VideoSource(width, height)
                track = rtc.LocalVideoTrack.create_video_track("camera", source)
                options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA)
                await self._room.local_participant.publish_track(track, options)
            source.capture_frame(rtc.VideoFrame(width, height, rtc.VideoBufferType.RGB24, picture.tobytes()))
        if source is not None:
            await source.aclose()

    async def change_prompt(self, prompt: str) -> None:
        """Changes the prompt, from the next caption on."""
        await self._call("PATCH", f"/streams/{self.stream_id}/config/prompt", {"prompt": prompt})

    async def captions(self) -> AsyncIterator[str]:
        """The captions from now on, without failed inferences. Reconnects when the connection breaks."""
        url = f"{self._base_url.replace('http', 'ws', 1)}/ws/streams/{self.stream_id}"
        failures = 0
        while True:
            with contextlib.suppress(aiohttp.ClientConnectionError):
                async with self._http.ws_connect(url, heartbeat=20) as socket:
                    await socket.send_json({"api_key": self._api_key})
                    while (message := await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                        failures = 0
                        result = message.json()
                        if result["ok"]:
                            yield result["result"]
                    _judge(message)
            if failures == len(BACK_OFF):
                raise CaptionsOverError("the connection does not come back")
            await self._sleep(BACK_OFF[failures])
            failures += 1

    async def _keep_alive(self) -> None:
        rest = self._stream["lease"]["ttl_seconds"] / 2
        while True:
            await self._sleep(rest)
            try:
                rest = (await self._call("POST", f"/streams/{self.stream_id}/keepalive"))["ttl_seconds"] / 2
            except aiohttp.ClientResponseError as error:
                if error.status == http.HTTPStatus.NOT_FOUND:
                    return  # the stream has ended, and its socket says why
                rest = RETRY_SECONDS

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        async with self._http.request(method, self._base_url + path, json=body, raise_for_status=True) as answer:
            return dict(await answer.json()) if answer.status != 204 else {}


def _judge(last: aiohttp.WSMessage) -> None:
    """Raises an error if the close code means that reconnecting is pointless."""
    if last.type is not aiohttp.WSMsgType.CLOSE:
        return
    if last.data == aiohttp.WSCloseCode.POLICY_VIOLATION:
        raise RefusedError(last.extra)
    if last.data == aiohttp.WSCloseCode.GOING_AWAY:
        raise CaptionsOverError(str(last.extra).removeprefix("stream ended: "))
