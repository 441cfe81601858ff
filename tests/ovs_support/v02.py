"""A v0.2 client that does what is told and judges nothing, and frames without WebRTC."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import httpx

from ovs_mock import Ovs
from ovs_mock.engine.commands import FrameArrived
from ovs_mock.engine.frames import Picture
from ovs_support.engine import Blank

MODEL = "Qwen/Qwen3.5-9B"
FRAME_BODY: dict[str, Any] = {
    "processing": {"interval_seconds": 1.0},
    "inference": {"prompt": "What is there?", "model": MODEL},
}


def body(**changes: Any) -> dict[str, Any]:
    """A create body in frame mode, one inference a second; fields of ``inference`` may be given by name."""
    inference = {**FRAME_BODY["inference"]}
    for name in ("prompt", "model", "backend", "output_schema_json", "max_output_tokens"):
        if name in changes:
            inference[name] = changes.pop(name)
    return {**FRAME_BODY, "inference": inference, **changes}


def error(response: httpx.Response) -> tuple[int, str]:
    """Status and name of an error, once its form is checked."""
    problem = response.json()
    assert set(problem) == {"error", "message", "request_id", "details"}
    assert problem["message"]
    return response.status_code, problem["error"]


class Caller:
    """Calls v0.2 with a key."""

    def __init__(self, mock: Ovs, key: str | None = None) -> None:
        self.mock = mock
        self.key = key or mock.api_key
        self._http = httpx.Client(base_url=mock.v02, headers={"Authorization": f"Bearer {self.key}"})
        self._others: list[Caller] = []

    def __call__(self, method: str, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return self._http.request(method, path, json=json, **options)

    def create(self, **changes: Any) -> dict[str, Any]:
        response = self("POST", "/streams", body(**changes))
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()
        return created

    def stream(self, **changes: Any) -> str:
        """The id of a new stream."""
        stream_id: str = self.create(**changes)["stream_id"]
        return stream_id

    def with_key(self, key: str) -> "Caller":
        """Another caller, closed together with this one."""
        self._others.append(Caller(self.mock, key))
        return self._others[-1]

    def close(self) -> None:
        self._http.close()
        for other in self._others:
            other.close()

    def __enter__(self) -> "Caller":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def push_frame(mock: Ovs, stream_id: str, picture: Picture | None = None) -> None:
    """Put a frame that stands for now into a stream's buffer."""
    runtime = mock.tenant.runtime

    async def push() -> None:
        runtime.do(FrameArrived(stream_id, runtime.clock.now(), picture or Blank()))

    mock.run(push())


@asynccontextmanager
async def results(
    mock: Ovs, stream_id: str, key: str | None = None, first: Any = None
) -> AsyncIterator["ResultReader"]:
    """A result socket that has sent its key (or ``first`` instead)."""
    async with aiohttp.ClientSession() as session:
        url = f"{mock.v02.replace('http', 'ws', 1)}/ws/streams/{stream_id}"
        async with session.ws_connect(url) as ws:
            if first is None:
                first = json.dumps({"api_key": key or mock.api_key})
            await (ws.send_bytes(first) if isinstance(first, bytes) else ws.send_str(first))
            yield ResultReader(ws)


class ResultReader:
    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def next(self) -> dict[str, Any]:
        result: dict[str, Any] = await self.ws.receive_json(timeout=5)
        return result

    async def closed(self) -> tuple[int, str]:
        """Code and reason of the close; results before it are an error."""
        message = await self.ws.receive(timeout=5)
        assert message.type is aiohttp.WSMsgType.CLOSE, message
        return message.data, message.extra or ""

    async def rest(self) -> tuple[list[dict[str, Any]], tuple[int, str]]:
        """All results until the close, and the close."""
        seen = []
        while (message := await self.ws.receive(timeout=5)).type is aiohttp.WSMsgType.TEXT:
            seen.append(json.loads(message.data))
        assert message.type is aiohttp.WSMsgType.CLOSE, message
        return seen, (message.data, message.extra or "")


def settled(mock: Ovs) -> None:
    """Everything that followed from what has happened so far is delivered."""
    mock.advance(0)
