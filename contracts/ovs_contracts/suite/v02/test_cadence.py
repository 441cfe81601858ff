"""When v0.2 runs inferences."""

from typing import Any

import pytest

from ovs_contracts.client.v02 import V02Client, clips, frames_every
from ovs_contracts.runner.marks import documented, mock_only, sends_video
from ovs_contracts.suite.v02.bodies import FPS, SIZE
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import hold, hold_near


@documented("v0.2 cadence: frame mode every interval_seconds, clip mode every delay_seconds")
@sends_video(32)
@pytest.mark.parametrize(
    ("body", "interval"),
    [(frames_every(0.5), 0.5), (clips(length=1.0, delay=0.5), 0.5), (clips(length=0.5, delay=0.8), 0.8)],
    ids=["frame", "clip, overlapping", "clip, apart"],
)
def test_the_cadence(v02: V02Client, frame_source: FrameSource, body: dict[str, Any], interval: float) -> None:
    """There is one inference per interval, however long each takes."""
    stream_id = v02.stream(body)
    frame_source.play(stream_id, 2, fps=FPS, size=SIZE)
    first = v02.status(stream_id)
    frame_source.play(stream_id, 30, fps=FPS, size=SIZE)
    last = v02.info(stream_id).expect(200)
    made = last.json["inferences_completed"] - first["inferences_completed"]
    due = (last.json["uptime_seconds"] - first["uptime_seconds"]) / interval
    # What lies between two looks may hold one more or less than its length says.
    hold_near("inferences made", expected=due, seen=made, within=1.1, exchange=last)


@documented("v0.2 cadence: no inference runs before the first frame")
@sends_video(7)
def test_no_results_before_the_first_frame(v02: V02Client, clock: TargetTime, frame_source: FrameSource) -> None:
    """A stream has no results without video, and has them as soon as video arrives."""
    stream_id = v02.stream()
    with v02.result_socket(stream_id) as results:
        clock.let_pass(4)
        hold("results without video", expected=[], seen=results.receive_available())
        info = v02.info(stream_id).expect(200)
        hold("inferences_completed", expected=0, seen=info.json["inferences_completed"], exchange=info)
        frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
        hold("a result with video", expected=stream_id, seen=results.receive()["stream_id"])


@mock_only("when the first inference comes is nowhere said; the mock's comes with the first frame")
@sends_video(11)
def test_the_first_inference_is_about_the_first_frame(
    v02: V02Client, clock: TargetTime, frame_source: FrameSource
) -> None:
    """The first frame starts an inference, and the next one follows after the interval."""
    stream_id = v02.stream(frames_every(10))
    with v02.result_socket(stream_id) as results:
        begun = clock.now()
        frame_source.play(stream_id, 9, fps=FPS, size=SIZE)
        early = len(results.receive_available())
        if clock.now() > begun + 10:
            pytest.skip("too slow to look before the second inference")
        frame_source.play(stream_id, 2, fps=FPS, size=SIZE)
        late = len(results.receive_available())
    hold("results in the first and the second interval", expected=(1, 1), seen=(early, late))
