"""How much of the video that is published arrives, and what taking it in costs."""

import os
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import children, sessions
from benchmarks.measured import Group, Row

if TYPE_CHECKING:
    from av.packet import Packet

FRAMES, FPS, WIDTH, HEIGHT = 300, 30, 640, 480
BITRATE = 2_000_000
# Seconds without another frame after which no more will come, and between looks.
PATIENCE, PAUSE = 3.0, 0.1


def measure() -> Iterator[Row]:
    sessions.require_video()
    with children.running(children.SERVE) as child:
        received, busy = _publish(child)
    yield Row(
        key="frames.decoded",
        what=f"decoded frames, {FPS} a second",
        unit="frames",
        samples=[received],
        peer="published",
        peer_samples=[FRAMES],
    )
    yield Row(
        key="frames.cpu",
        what="CPU time of the mock's process, a frame",
        unit="ms",
        samples=[busy * 1_000 / max(1, received)],
        peer="bare decoding of VP8",
        peer_samples=[_bare_decoding() * 1_000],
    )


def _publish(child: children.Child) -> tuple[int, float]:
    """How many frames the mock has decoded, and the seconds of CPU that it took for that."""
    from ovs_common.livekit.options import TrackOptions
    from ovs_mock.video.background import BackgroundPublisher

    facts = child.facts
    livekit = sessions.new_stream(facts["v02"], facts["api_key"])["livekit"]
    origin = livekit["url"].replace("ws", "http", 1)
    before = _cpu_seconds(child.pid)
    with BackgroundPublisher(livekit["url"], livekit["token"]) as publisher:
        options = TrackOptions.at_rate(FPS)
        publisher.publish_generated(WIDTH, HEIGHT, fps=FPS, seconds=FRAMES / FPS, options=options).result()
        received = _settled(origin)
        return received, _cpu_seconds(child.pid) - before


def _settled(origin: str) -> int:
    """How many frames there are when no more come."""
    received, changed = 0, time.monotonic()
    while received < FRAMES and time.monotonic() - changed < PATIENCE:
        now = sessions.call(f"{origin}/_mock/streams")[0]["frames_received"]
        if now != received:
            received, changed = now, time.monotonic()
        time.sleep(PAUSE)
    return received


def _cpu_seconds(pid: int) -> float:
    """CPU time of a process that runs, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _bare_decoding() -> float:
    """Seconds of CPU that FFmpeg takes to decode one frame of the same video."""
    import av

    packets = _encoded()
    context = av.CodecContext.create("vp8", "r")
    context.thread_count = 1
    begun = time.process_time()
    for packet in packets:
        context.decode(packet)
    return (time.process_time() - begun) / len(packets)


def _encoded() -> "list[Packet[Any]]":
    import av
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame

    from ovs_mock.video.patterns import generated

    context = av.CodecContext.create("libvpx", "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    context.bit_rate, context.time_base, context.framerate = BITRATE, Fraction(1, FPS), Fraction(FPS)
    context.options = {"deadline": "realtime", "cpu-used": "8"}
    packets: list[Packet[Any]] = []
    for number, rgb in enumerate(generated(WIDTH, HEIGHT, count=FRAMES)):
        frame = VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p")
        frame.pts = number
        packets += context.encode(frame)
    return packets + context.encode(None)


GROUP = Group(
    title="Video in",
    how=(
        f"The real LiveKit SDK publishes {FRAMES} generated frames of {WIDTH}x{HEIGHT} at {FPS} a second into an "
        "`ovs-mock serve` of its own process, which counts what it has decoded. CPU time is that of the whole process "
        "of the mock from joining to the last frame, from /proc; beside it, FFmpeg decodes the same video, encoded at "
        "2 Mbit/s, with no network, encryption or packets."
    ),
    measure=measure,
)
