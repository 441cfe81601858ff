"""The info of a stream of v0.2, and tokens of spectators."""

from typing import Any

import pytest

from ovs_contracts.client.livekit.token import claims
from ovs_contracts.client.timing import hold_duration, timed
from ovs_contracts.client.v02 import VERSION, V02Client, frames_every
from ovs_contracts.runner.marks import documented, passes_time, sends_video
from ovs_contracts.suite.v02.bodies import FPS, SIZE
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import hold, hold_near

FIELDS = {
    "stream_id",
    "source_type",
    "state",
    "uptime_seconds",
    "fps",
    "frame_width",
    "frame_height",
    "effective_width",
    "effective_height",
    "inferences_completed",
    "inferences_failed",
    "last_inference_latency_seconds",
}
WIDEST, HIGHEST = 1280, 720


def sizes(info: dict[str, Any], kind: str) -> tuple[int, int]:
    return info[f"{kind}_width"], info[f"{kind}_height"]


@documented("v0.2 info: StreamInfoResponse, all required")
@passes_time(5)
def test_a_stream_without_video(v02: V02Client, clock: TargetTime) -> None:
    """A stream without video is pending, has an uptime, and no inferences."""
    created, begun = timed(clock, v02.create)
    stream_id = created.expect(201).json["stream_id"]
    clock.let_pass(5)
    told, asked = timed(clock, lambda: v02.info(stream_id).expect(200))
    hold("fields lacking", expected=set(), seen=FIELDS - set(told.json), exchange=told)
    hold(
        "fields that are null", expected=[], seen=[n for n, value in told.json.items() if value is None], exchange=told
    )
    expected = {
        "stream_id": stream_id,
        "source_type": "native",
        "state": "pending",
        "inferences_completed": 0,
        "inferences_failed": 0,
    }
    hold("what is told", expected=expected, seen={name: told.json[name] for name in expected}, exchange=told)
    hold_duration("uptime_seconds", told.json["uptime_seconds"], begun, asked, told)


@documented("v0.2 info: StreamInfoResponse")
@sends_video(5)
def test_a_stream_with_video(v02: V02Client, frame_source: FrameSource) -> None:
    """Info has the size and the rate of the video, and counts inferences."""
    stream_id = v02.stream(frames_every(0.5))
    with v02.result_socket(stream_id) as results:
        frame_source.play(stream_id, 5, fps=FPS, size=SIZE)
        info = v02.info(stream_id).expect(200)
        told = info.json
        v02.delete(stream_id).expect(200)
        came = results.receive_until_closed()
    hold("state", expected="active", seen=told["state"], exchange=info)
    hold("the frame's size", expected=SIZE, seen=sizes(told, "frame"), exchange=info)
    hold("the effective size", expected=SIZE, seen=sizes(told, "effective"), exchange=info)
    hold_near("fps", expected=FPS, seen=told["fps"], within=FPS * 0.2, exchange=info)
    assert told["inferences_completed"] >= 5, "ten inferences in five seconds"
    assert told["inferences_completed"] <= len(came) <= told["inferences_completed"] + 2, "each came as a result"
    hold("inferences_failed", expected=0, seen=told["inferences_failed"], exchange=info)
    latencies = [result["inference_latency_ms"] / 1000 for result in came]
    assert any(abs(told["last_inference_latency_seconds"] - latency) < 0.01 for latency in latencies)


@documented("v0.2 info: effective size, after a 720p cap")
@sends_video(2)
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)], ids=["1080p", "720p"])
def test_video_is_scaled_to_720p(v02: V02Client, frame_source: FrameSource, size: tuple[int, int]) -> None:
    """Larger video is scaled down to 720p in its own aspect ratio; smaller video is not scaled."""
    stream_id = v02.stream()
    frame_source.play(stream_id, 2, fps=FPS, size=size)
    info = v02.info(stream_id).expect(200)
    width, height = sizes(info.json, "frame")
    assert width * height > 0
    scale = min(1, WIDEST / width, HIGHEST / height)
    effective = sizes(info.json, "effective")
    for side, told in zip((width, height), effective, strict=True):
        # Encoders want even numbers.
        hold_near(f"effective size of {width}x{height}", expected=side * scale, seen=told, within=2, exchange=info)


@documented("v0.2 spectate: a subscribe-only token, valid 5 minutes")
def test_a_spectator_may_only_watch(v02: V02Client, clock: TargetTime) -> None:
    """A spectator's token is valid for 300 seconds for the stream's room and allows subscribing only."""
    created = v02.create().expect(201).json
    publisher = claims(created["livekit"]["token"])
    answer, asked = timed(clock, lambda: v02.spectate(created["stream_id"]).expect(200))
    hold("the keys of the answer", expected={"livekit"}, seen=set(answer.json), exchange=answer)
    hold("the keys of livekit", expected={"url", "token"}, seen=set(answer.json["livekit"]), exchange=answer)
    spectator = claims(answer.json["livekit"]["token"])
    grants = spectator["video"]
    hold("the room", expected=publisher["video"]["room"], seen=grants["room"], exchange=answer)
    may = {name: grants.get(name, True) for name in ("canPublish", "canSubscribe")}
    hold("what it may", expected={"canPublish": False, "canSubscribe": True}, seen=may, exchange=answer)
    # Somebody who enters under the publisher's name would throw the publisher out.
    assert spectator["sub"] != publisher["sub"]
    lifetime = spectator["exp"] - spectator.get("nbf", asked.latest)
    hold_near(
        "seconds that it is valid",
        expected=VERSION.spectator_seconds,
        seen=lifetime,
        within=2,
        exchange=answer,
    )
