"""``ovs-mock demo``: streams real video to the mock and shows results, with real clients for each protocol."""

import asyncio
import json
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import click

from ovs_mock.api.v02.version import V02
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.settings import Settings
from ovs_mock.server.server import MockServer

MODEL = "Qwen/Qwen3.5-9B"
FPS = 15
COLOURS = ("red", "green", "blue", "yellow", "magenta", "cyan")
RESULTS_A_PROMPT = 5


async def run(seed: int) -> None:
    """Run the demo."""
    with tempfile.TemporaryDirectory() as directory:
        async with MockServer(Settings(seed=seed), clock="running") as mock:
            _step(f"A mock of the Overshoot API is up at {mock.v02}")
            path = _make_video(Path(directory) / "demo.mp4")
            async with _client(mock) as http:
                await _play(mock, http, path)


async def _play(mock: MockServer, http: aiohttp.ClientSession, path: Path) -> None:
    stream = await _create(http)
    async with _published(stream, path), http.ws_connect(f"{V02.prefix}/ws/streams/{stream['stream_id']}") as socket:
        await socket.send_json({"api_key": mock.api_key})
        _step("Results from the WebSocket; each names the stamped frame that the model saw:")
        await _show_results(socket, "What is in the picture?")
        await _update_prompt(http, stream["stream_id"], "Which colours move?")
        await _show_results(socket, "Which colours move?")
        await _expire(mock, socket)


def _make_video(path: Path) -> Path:
    """A white box bounces over a background that changes its colour every second."""
    from ovs_mock.video.files import write_video
    from ovs_mock.video.patterns import bouncing_box
    from ovs_mock.video.stamp import write_stamp

    def picture(number: int) -> Any:
        background = COLOURS[number // FPS % len(COLOURS)]
        return write_stamp(
            bouncing_box(number, 640, 480, box="white", background=background), number, number * 1000 // FPS
        )

    write_video(path, (picture(number) for number in range(FPS * len(COLOURS))), fps=FPS)
    _step(f"Made {path.name}: {len(COLOURS)} s of moving pictures, each with its number in its pixels")
    return path


@asynccontextmanager
async def _client(mock: MockServer) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"Authorization": f"Bearer {mock.api_key}"}
    async with aiohttp.ClientSession(mock.url, headers=headers, raise_for_status=True) as session:
        yield session


async def _create(http: aiohttp.ClientSession) -> Any:
    inference = {"prompt": "What is in the picture?", "model": MODEL}
    async with http.post(
        V02.prefix + "/streams", json={"processing": {"interval_seconds": 0.4}, "inference": inference}
    ) as r:
        stream = await r.json()
    _step(f"POST /streams  ->  stream {stream['stream_id']}, lease {stream['lease']['ttl_seconds']} s")
    return stream


@asynccontextmanager
async def _published(stream: Any, path: Path) -> AsyncIterator[None]:
    """Publishes the file into the stream's room in a loop, for the length of the block."""
    from ovs_mock.video.publisher import Publisher

    livekit = stream["livekit"]
    async with Publisher.connect(livekit["url"], livekit["token"]) as publisher:
        playing = asyncio.create_task(publisher.publish_file(path, loop=True))
        _step("The livekit SDK joined the room and publishes the file over WebRTC")
        try:
            yield
        finally:
            playing.cancel()
            await asyncio.wait([playing])


async def _show_results(socket: aiohttp.ClientWebSocketResponse, prompt: str) -> None:
    shown = 0
    while shown < RESULTS_A_PROMPT:
        result = json.loads(await socket.receive_str(timeout=10))
        if result["prompt"] == prompt:
            shown += 1
            click.echo(f"     {click.style(prompt, fg='cyan')}  {_highlighted(result['result'])}")


async def _update_prompt(http: aiohttp.ClientSession, stream_id: str, prompt: str) -> None:
    await http.patch(f"{V02.prefix}/streams/{stream_id}/config/prompt", json={"prompt": prompt})
    _step("PATCH /config/prompt  ->  the next inference has another prompt:")


async def _expire(mock: MockServer, socket: aiohttp.ClientWebSocketResponse) -> None:
    events = await mock.advance(46)
    _step(f"Moved the clock by 46 s: {len(events)} events, without waiting; the client sent no keepalive, so")
    while (message := await socket.receive(timeout=10)).type is aiohttp.WSMsgType.TEXT:
        pass
    click.echo(f"     the socket closed with {message.data}, {click.style(str(message.extra), fg='yellow')}")
    (stream,) = mock.runtime.current_state().streams.values()
    lived = (stream.ending.at - stream.created_at) / SECOND if stream.ending else 0
    cents = stream.meter.charged / 1_000_000
    click.echo(f"     after exactly {lived:g} s of stream time, which production would bill at {cents:g} cents.\n")


def _highlighted(text: str) -> str:
    """The text with its stamps in colour."""
    return re.sub(r"stamps? [\d .]+", lambda found: click.style(found.group(), fg="green"), text)


def _step(text: str) -> None:
    click.echo(f"\n  {click.style('•', fg='green')} {text}")
