"""A client with the habits of the official Python SDK, over real WebRTC.

It builds its objects from exactly the documented keys, creates before it publishes and publishes before it opens the
socket, sends its key on the socket, renews at half of the lease, and leaves the room before it deletes.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self

import aiohttp
import pytest
from ovs_support.v02 import MODEL

from ovs_mock import Ovs, Settings
from ovs_mock.video.publisher import OFFICIAL_CLIENT, Publisher


@dataclass(frozen=True)
class Lease:
    ttl_seconds: int


@dataclass(frozen=True)
class LiveKitConnection:
    url: str
    token: str


@dataclass(frozen=True)
class InferenceResult:
    id: str
    stream_id: str
    mode: str
    model_backend: str
    model_name: str
    prompt: str
    result: str
    inference_latency_ms: float
    total_latency_ms: float
    ok: bool
    error: str | None
    finish_reason: str | None


class Client:
    """One running stream of such a client."""

    def __init__(self, http: aiohttp.ClientSession, base_url: str, api_key: str) -> None:
        self._http = http
        self._base_url = base_url
        self._api_key = api_key
        self._closing = asyncio.Event()
        self.results: asyncio.Queue[InferenceResult] = asyncio.Queue()
        self.renewals: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()

    @classmethod
    @asynccontextmanager
    async def start(cls, base_url: str, api_key: str, processing: dict[str, Any]) -> AsyncIterator[Self]:
        headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
        async with aiohttp.ClientSession(headers=headers) as http:
            client = cls(http, base_url, api_key)
            async with client._running(processing):
                yield client

    @asynccontextmanager
    async def _running(self, processing: dict[str, Any]) -> AsyncIterator[None]:
        created = await self.request(
            "POST", "/streams", {"processing": processing, "inference": {"prompt": "Count", "model": MODEL}}
        )
        self.stream_id = created["stream_id"]
        self.lease = Lease(**created["lease"])
        livekit = LiveKitConnection(**created["livekit"])

        async with Publisher.connect(livekit.url, livekit.token, single_peer_connection=True) as self.publisher:
            await self.publisher.publish(640, 480, OFFICIAL_CLIENT)
            tasks = [asyncio.create_task(self._watch()), asyncio.create_task(self._renew())]
            yield
            self._closing.set()
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        with suppress(aiohttp.ClientResponseError):
            await self.request("DELETE", f"/streams/{self.stream_id}")

    async def request(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        async with self._http.request(method, self._base_url + path, json=body, raise_for_status=True) as response:
            answer: dict[str, Any] = {"status": "ok"} if response.status == 204 else await response.json()
            return answer

    async def _watch(self) -> None:
        url = self._base_url.replace("http://", "ws://") + f"/ws/streams/{self.stream_id}"
        async with self._http.ws_connect(url) as ws:
            await ws.send_json({"api_key": self._api_key})
            while (message := await ws.receive()).type is aiohttp.WSMsgType.TEXT:
                self.results.put_nowait(InferenceResult(**json.loads(message.data)))
            self.closed.set_result((message.data, message.extra or ""))

    async def _renew(self) -> None:
        while not self._closing.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), self.lease.ttl_seconds / 2)
            with suppress(aiohttp.ClientResponseError):
                self.renewals.put_nowait(await self.request("POST", f"/streams/{self.stream_id}/keepalive"))


@pytest.fixture
def ovs_settings() -> Settings:
    """A lease that is short in real time, as this client renews it in real time."""
    return Settings(seed=0, ttl_seconds=2)


async def _first(client: Client, predicate: Any) -> InferenceResult:
    while True:
        result = await client.results.get()
        if predicate(result):
            return result


async def test_the_whole_life_of_a_stream(ovs: Ovs) -> None:
    async with asyncio.timeout(30), Client.start(ovs.v02, ovs.api_key, {"interval_seconds": 0.2}) as client:
        playing = asyncio.create_task(client.publisher.play(_pictures(), fps=6, stamp=True))

        result = await _first(client, lambda r: "stamp" in r.result)
        assert "640x480" in result.result
        assert (result.stream_id, result.mode, result.model_name) == (client.stream_id, "frame", MODEL)
        assert (result.ok, result.error, result.finish_reason) == (True, None, "stop")
        assert 0 <= result.inference_latency_ms <= result.total_latency_ms

        renewals = [await client.renewals.get() for _ in range(3)]
        assert {r["state"] for r in renewals} <= {"pending", "active"}
        assert len({r["livekit_token"] for r in renewals}) > 1
        assert ovs.stream(client.stream_id).running, "it outlived its lease of two seconds"

        config = await client.request("PATCH", f"/streams/{client.stream_id}/config/prompt", {"prompt": "And now?"})
        assert config["prompt"] == "And now?"
        await _first(client, lambda r: r.prompt == "And now?")

        ovs.advance(5)
        assert await client.closed == (1001, "stream ended: lease_expired")
        await client.publisher.disconnected.wait()
        assert client.publisher.disconnect_reason == "ROOM_DELETED"
        playing.cancel()
    assert ovs.failures == []


async def test_a_client_that_ends_its_stream_is_billed_for_its_time(ovs: Ovs) -> None:
    async with asyncio.timeout(30), Client.start(ovs.v02, ovs.api_key, {"interval_seconds": 0.2}) as client:
        await client.publisher.play(_pictures(5), fps=6, stamp=True)
    view = ovs.stream(client.stream_id)
    assert view.end_reason == "client_requested"
    assert view.charged_microcents > 0


async def test_clips_hold_several_frames_in_order(ovs: Ovs) -> None:
    processing = {"target_fps": 6, "clip_length_seconds": 1.0, "delay_seconds": 0.5}
    async with asyncio.timeout(30), Client.start(ovs.v02, ovs.api_key, processing) as client:
        playing = asyncio.create_task(client.publisher.play(_pictures(), fps=6, stamp=True))
        await _first(client, lambda r: r.mode == "clip" and r.ok)
        question = ovs.model.questions[-1]
        stamps = [frame.stamp.number for frame in question.frames if frame.stamp]
        assert len(stamps) == len(question.frames) >= 3
        assert stamps == sorted(set(stamps))
        playing.cancel()


def _pictures(count: int | None = None) -> Any:
    from ovs_mock.video.patterns import generated

    return generated(640, 480, count=count)
