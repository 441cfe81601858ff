"""A mock with nothing but video ingest, and publishers for it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from aiohttp import web
from livekit import rtc

from ovs_mock.engine.commands import Command, CreateStream, EndStream, FrameArrived, PublisherJoined, PublisherLeft
from ovs_mock.engine.engine import Engine
from ovs_mock.engine.events import Event, StreamCreated
from ovs_mock.engine.frames import Frame
from ovs_mock.engine.inference import Answer, Inference, InferencePlan
from ovs_mock.engine.instants import MINUTE, SECOND
from ovs_mock.engine.sampling import FrameSampling
from ovs_mock.engine.service import Service
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.stream import NativeSource, Source, Stream, StreamRules
from ovs_mock.ingest.gateway import IngestGateway
from ovs_mock.ingest.webrtc.pictures import CodedPicture
from ovs_mock.runtime.clock import Clock, RunningClock
from ovs_mock.runtime.livekit_tokens import LiveKitTokens
from ovs_mock.runtime.runtime import Runtime

KEY = "ovs-test"
Pixels = npt.NDArray[np.uint8]


class Silent:
    """A model that says nothing."""

    def answer_now(self, inference: Inference) -> Answer | None:
        return None

    async def answer(self, inference: Inference) -> Answer:
        return Answer(text="ok")


class RecordingRuntime(Runtime):
    """Remembers what it was asked, and wakes those who wait for something to become true."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        super().__init__(engine, clock, Silent())
        self.commands: list[Command] = []
        self.events: list[Event] = []
        self._changed = asyncio.Condition()
        self._notifying: set[asyncio.Task[None]] = set()
        self.subscribe(self.events.append)

    def do(self, command: Command) -> list[Event]:
        events = super().do(command)
        self.commands.append(command)
        task = asyncio.get_running_loop().create_task(self._notify())
        self._notifying.add(task)
        task.add_done_callback(self._notifying.discard)
        return events

    async def until(self, holds: Callable[[], object], patience: float = 15.0) -> None:
        """Wait until ``holds``, asked after each command."""
        async with asyncio.timeout(patience), self._changed:
            await self._changed.wait_for(lambda: bool(holds()))

    def done(self, kind: type[Any]) -> list[Any]:
        return [command for command in self.commands if isinstance(command, kind)]

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


@dataclass
class Mock:
    """A server with a gateway and nothing else."""

    runtime: RecordingRuntime
    tokens: LiveKitTokens
    settings: Settings
    gateway: IngestGateway
    url: str = ""

    def create_stream(self, source: Source | None = None, *, lease: int = 10 * MINUTE) -> str:
        rules = StreamRules(
            service=Service.RESULTS,
            evict_by_clock=False,
            needs_credits=True,
            lease=lease,
            retention=5 * MINUTE,
            tombstone=MINUTE,
            idle_after=5 * SECOND,
            departure_grace=15 * SECOND,
            concurrent_streams=5,
            microcents_per_minute=0,
        )
        plan = InferencePlan(sampling=FrameSampling(interval=MINUTE), prompt="?", model=MODEL)
        command = CreateStream(key=KEY, source=source or NativeSource(), plan=plan, rules=rules)
        return self.runtime.ask(command, StreamCreated).stream_id

    def end_stream(self, stream_id: str) -> None:
        self.runtime.do(EndStream(KEY, stream_id))

    def token(
        self, stream_id: str, identity: str = "camera", *, lifetime: int = 10 * MINUTE, can_publish: bool = True
    ) -> str:
        now = self.runtime.clock.now()
        return self.tokens.issue(stream_id, identity, can_publish=can_publish, now=now, lifetime=lifetime)

    def stream(self, stream_id: str) -> Stream:
        return self.runtime.engine.state.streams[stream_id]

    def frames(self, stream_id: str) -> list[Frame]:
        return self.stream(stream_id).frames.since(0)

    async def until_frames(self, stream_id: str, number: int, patience: float = 15.0) -> list[Frame]:
        """The frames of a stream, once that many have come."""
        await self.runtime.until(lambda: self.stream(stream_id).frames.received >= number, patience)
        return self.frames(stream_id)

    def joined(self) -> list[PublisherJoined]:
        return self.runtime.done(PublisherJoined)

    def left(self) -> list[PublisherLeft]:
        return self.runtime.done(PublisherLeft)

    def arrived(self) -> list[FrameArrived]:
        return self.runtime.done(FrameArrived)


MODEL = "Qwen/Qwen3.5-9B"


@asynccontextmanager
async def serve(clock: Clock | None = None, **settings: Any) -> AsyncIterator[Mock]:
    chosen = Settings(seed=1, **settings)
    runtime = RecordingRuntime(Engine(chosen), clock or RunningClock())
    tokens = LiveKitTokens("devkey", "a secret that is long enough for HS256")
    gateway = IngestGateway(runtime, tokens, chosen)
    app = web.Application()
    app.add_routes(gateway.routes())
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    mock = Mock(runtime, tokens, chosen, gateway, f"ws://{host}:{port}")
    try:
        yield mock
    finally:
        await gateway.close()
        await runner.cleanup()
        await runtime.close()
        assert not runtime.failures


class Publisher:
    """A real LiveKit client."""

    def __init__(self, mock: Mock, stream_id: str, **options: Any) -> None:
        self.mock = mock
        self.stream_id = stream_id
        self.room = rtc.Room()
        self.options = options
        self.disconnected: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.tokens_refreshed = asyncio.Event()
        self.room.on("disconnected", self._on_disconnected)
        self.room.on("token_refreshed", lambda *_: self.tokens_refreshed.set())
        self._feeding: list[asyncio.Task[None]] = []

    async def connect(self, identity: str = "camera") -> "Publisher":
        async with asyncio.timeout(20):
            await self.room.connect(
                self.mock.url, self.mock.token(self.stream_id, identity), rtc.RoomOptions(**self.options)
            )
        return self

    async def publish(
        self,
        picture: Callable[[int], Pixels],
        *,
        size: tuple[int, int] = (640, 480),
        fps: float = 30.0,
        count: int | None = None,
        **options: Any,
    ) -> rtc.LocalTrackPublication:
        """Publish ``picture(0), picture(1), …``, (height, width, 3) bytes each."""
        source = rtc.VideoSource(*size)
        track = rtc.LocalVideoTrack.create_video_track("camera", source)
        encoding = options.pop("encoding", None)
        publish = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, **options)
        if encoding:
            publish.video_encoding.CopyFrom(rtc.VideoEncoding(**encoding))
        publication = await self.room.local_participant.publish_track(track, publish)
        self._feeding.append(asyncio.create_task(_feed(source, picture, fps, count)))
        return publication

    async def fed(self) -> None:
        await asyncio.gather(*self._feeding)

    async def stop(self) -> None:
        for task in self._feeding:
            task.cancel()
        await asyncio.gather(*self._feeding, return_exceptions=True)

    async def close(self) -> None:
        await self.stop()
        await self.room.disconnect()

    async def until_disconnected(self) -> int:
        """Why the server sent the client away."""
        return await asyncio.wait_for(self.disconnected, 5)

    async def __aenter__(self) -> "Publisher":
        return await self.connect()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _on_disconnected(self, reason: int) -> None:
        if not self.disconnected.done():
            self.disconnected.set_result(reason)


async def _feed(source: rtc.VideoSource, picture: Callable[[int], Pixels], fps: float, count: int | None) -> None:
    """Feed pictures at their pace, which is the one thing here that has to take real time."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    number = 0
    while count is None or number < count:
        pixels = picture(number)
        height, width, _ = pixels.shape
        data = np.dstack([pixels, np.full((height, width), 255, np.uint8)]).tobytes()
        frame = rtc.VideoFrame(width, height, rtc.VideoBufferType.RGBA, data)
        source.capture_frame(frame, timestamp_us=round(number * 1_000_000 / fps))
        number += 1
        await asyncio.sleep(max(0.0, start + number / fps - loop.time()))


def plain(colour: tuple[int, int, int], size: tuple[int, int] = (640, 480)) -> Callable[[int], Pixels]:
    pixels = np.full((size[1], size[0], 3), colour, np.uint8)
    return lambda number: pixels


def striped(size: tuple[int, int]) -> Callable[[int], Pixels]:
    """Stripes that move, so that the encoder has something to do."""
    width, height = size
    rows = np.indices((height, width))[0]
    pictures = [np.repeat((((rows + 8 * n) // 16 % 2) * 200)[..., None], 3, axis=2).astype(np.uint8) for n in range(4)]
    return lambda number: pictures[number % 4]


def colour_of(frame: Frame) -> tuple[int, int, int]:
    assert isinstance(frame.picture, CodedPicture)
    red, green, blue = (round(value) for value in frame.picture.rgb().mean(axis=(0, 1)))
    return red, green, blue
