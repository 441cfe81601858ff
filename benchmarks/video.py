"""How long a LiveKit client waits until its first frame is there."""

import asyncio
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from benchmarks import sessions
from benchmarks.measured import Group, Row, counted

if TYPE_CHECKING:
    from aiortc import MediaStreamTrack

    from ovs_mock import BackgroundMock

ROUNDS = 7
MODES: dict[str, bool | None] = {"default": None, "dual": False}
TITLES = {"default": "SDK default", "dual": "two connections"}


def measure() -> Iterator[Row]:
    sessions.require_video()
    for mode, single in MODES.items():
        connects, firsts, peer = _waits(single)
        yield Row(key="", what=f"{TITLES[mode]}: connect", unit="ms", samples=connects)
        yield Row(key="", what=f"{TITLES[mode]}: publish to first frame", unit="ms", samples=firsts)
        yield Row(
            key=f"video.total.{mode}",
            what=f"{TITLES[mode]}: both",
            unit="ms",
            samples=[connect + first for connect, first in zip(connects, firsts, strict=True)],
            peer="two aiortc peers",
            peer_samples=peer,
            paired=True,
        )


def _waits(single: bool | None) -> tuple[list[float], ...]:  # noqa: FBT001 - the SDK's own option
    """Milliseconds to connect, from there to the first decoded frame, and those of the peer right after it."""
    from ovs_mock import BackgroundMock, Settings

    with BackgroundMock(Settings(seed=1)) as mock:
        # The first session loads the SDK.
        _session(mock, single)
        waits = [(*_session(mock, single), asyncio.run(_between_two_aiortc())) for _ in counted(range(ROUNDS))]
    connects, firsts, peer = (list(times) for times in zip(*waits, strict=True))
    return connects, firsts, peer


def _session(mock: "BackgroundMock", single: bool | None) -> tuple[float, float]:  # noqa: FBT001
    from ovs_mock.video.background import BackgroundPublisher

    stream = sessions.new_stream(mock.v02, mock.api_key)
    livekit, stream_id = stream["livekit"], stream["stream_id"]
    begun = time.perf_counter()
    with BackgroundPublisher(livekit["url"], livekit["token"], single_peer_connection=single) as publisher:
        connected = time.perf_counter()
        publisher.publish_generated(640, 480, fps=30)
        mock.wait_for_frames(stream_id)
        seen = time.perf_counter()
    sessions.call(f"{mock.v02}/streams/{stream_id}", "DELETE", key=mock.api_key)
    return (connected - begun) * 1_000, (seen - connected) * 1_000


async def _between_two_aiortc() -> float:
    """From the offer to the first frame between two peers of one process, with no signalling in between."""
    from aiortc import RTCConfiguration, RTCPeerConnection, VideoStreamTrack

    sender, receiver = (RTCPeerConnection(RTCConfiguration(iceServers=[])) for _ in range(2))
    shown: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def watch(track: "MediaStreamTrack") -> None:
        await track.recv()
        shown.set_result(time.perf_counter())

    watching: list[asyncio.Task[None]] = []
    receiver.on("track", lambda track: watching.append(asyncio.create_task(watch(track))))
    begun = time.perf_counter()
    sender.addTrack(VideoStreamTrack())
    await sender.setLocalDescription(await sender.createOffer())
    await receiver.setRemoteDescription(sender.localDescription)
    await receiver.setLocalDescription(await receiver.createAnswer())
    await sender.setRemoteDescription(receiver.localDescription)
    took = await asyncio.wait_for(shown, 20) - begun
    await asyncio.gather(sender.close(), receiver.close())
    return took * 1_000


GROUP = Group(
    title="Until the first frame",
    how=(
        "The real LiveKit SDK joins the room of a new stream of a mock in the same process, publishes generated "
        "640x480 video at 30 frames a second, and the first decoded frame is in the stream; *two connections* is its "
        "`single_peer_connection=False`. Beside it, from offer to first frame of two aiortc peers that hand each other "
        "their descriptions directly."
    ),
    measure=measure,
)
