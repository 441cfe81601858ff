"""The limits of a new stream of v0.2, each from both sides."""

from typing import Any

import pytest

from ovs_contracts.client.v02 import PREFIX, V02Client, clips, frames_every
from ovs_contracts.client.v02_errors import INVALID, invalid, refused
from ovs_contracts.runner.marks import documented
from ovs_contracts.suite.v02.bodies import WITHOUT, changed, inferring
from ovs_contracts.transport.exchange import hold

FRAMES = frames_every(1.0)
CLIPS = clips()


def clip(**processing: Any) -> dict[str, Any]:
    return changed(CLIPS, processing=processing)


def legacy(fps: Any, ratio: Any, **more: Any) -> dict[str, Any]:
    """Clips whose rate is given as a pair."""
    return clip(target_fps=WITHOUT, fps=fps, sampling_ratio=ratio, **more)


def frame(interval: Any, **more: Any) -> dict[str, Any]:
    return changed(FRAMES, processing={"interval_seconds": interval, **more})


ALLOWED: dict[str, dict[str, Any]] = {
    "the shortest interval": frame(0.1),
    "the longest interval": frame(60),
    "the shortest clip, the highest rate, three frames": clip(clip_length_seconds=0.1, target_fps=30),
    "the longest clip, the lowest rate": clip(clip_length_seconds=60, target_fps=1),
    "three frames": clip(clip_length_seconds=0.5, target_fps=6),
    "a short delay": clip(delay_seconds=0.01),
    "a long delay": clip(delay_seconds=60),
    "a pair": legacy(30, 0.1),
    "the largest ratio": legacy(3, 1),
    "a pair whose rate is rounded down": legacy(29, 0.1, clip_length_seconds=1.5),
    "the shortest prompt": inferring(prompt="x"),
    "backend overshoot": inferring(backend="overshoot"),
    "backend gemini": inferring(backend="gemini"),
    "nothing said of schema and tokens": inferring(output_schema_json=None, max_output_tokens=None),
    "one token": inferring(max_output_tokens=1),
    "mode null": changed(FRAMES, mode=None),
}

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "interval below": (frame(0.099), "interval_seconds"),
    "interval above": (frame(60.1), "interval_seconds"),
    "interval of another type": (frame("soon"), "interval_seconds"),
    "clip length below": (legacy(100, 1, clip_length_seconds=0.099), "clip_length_seconds"),
    "clip length above": (clip(clip_length_seconds=60.1), "clip_length_seconds"),
    "no clip length": (clip(clip_length_seconds=WITHOUT), "clip_length_seconds"),
    "delay of zero": (clip(delay_seconds=0), "delay_seconds"),
    "delay below zero": (clip(delay_seconds=-1), "delay_seconds"),
    "no delay": (clip(delay_seconds=WITHOUT), "delay_seconds"),
    "rate below": (clip(target_fps=0, clip_length_seconds=10), "target_fps"),
    "rate above": (clip(target_fps=31), "target_fps"),
    "rate that is no whole number": (clip(target_fps=6.5), "target_fps"),
    "no rate": (clip(target_fps=WITHOUT), "processing"),
    "both forms of a rate": (clip(fps=30, sampling_ratio=0.5), "processing"),
    "fps alone": (clip(target_fps=WITHOUT, fps=30), "processing"),
    "ratio alone": (clip(target_fps=WITHOUT, sampling_ratio=0.5), "processing"),
    "fps of zero": (legacy(0, 0.5), "fps"),
    "ratio below": (legacy(300, 0.09), "sampling_ratio"),
    "ratio above": (legacy(30, 1.1), "sampling_ratio"),
    "fewer than three frames": (clip(clip_length_seconds=0.5, target_fps=5), "processing"),
    "fewer than three frames of a pair, rounded down": (legacy(29, 0.1, clip_length_seconds=1.2), "processing"),
    "empty prompt": (inferring(prompt=""), "prompt"),
    "no prompt": (inferring(prompt=WITHOUT), "prompt"),
    "prompt of another type": (inferring(prompt=7), "prompt"),
    "empty model": (inferring(model=""), "model"),
    "no model": (inferring(model=WITHOUT), "model"),
    "unknown backend": (inferring(backend="elsewhere"), "backend"),
    "schema that is no object": (inferring(output_schema_json=["string"]), "output_schema_json"),
    "no tokens": (inferring(max_output_tokens=0), "max_output_tokens"),
    "tokens that are no whole number": (inferring(max_output_tokens=1.5), "max_output_tokens"),
    "unknown mode": (changed(FRAMES, mode="film"), "mode"),
    "unknown source": (changed(FRAMES, source={"type": "tape"}), "source"),
    "webrtc without an offer": (changed(FRAMES, source={"type": "webrtc"}), "sdp"),
    "livekit without a token": (changed(FRAMES, source={"type": "livekit", "url": "wss://a.example"}), "token"),
    "an answer in place of an offer": (changed(FRAMES, webrtc={"type": "answer", "sdp": "v=0"}), "webrtc"),
    "no processing": (changed(FRAMES, processing=WITHOUT), "processing"),
    "no inference": (changed(FRAMES, inference=WITHOUT), "inference"),
    "unknown field in source": (changed(FRAMES, source={"type": "native", "colour": "blue"}), "colour"),
    "unknown field in frame processing": (frame(1.0, colour="blue"), "colour"),
    "unknown field in clip processing": (clip(colour="blue"), "colour"),
    "unknown field in inference": (inferring(colour="blue"), "colour"),
}


@documented("v0.2 create: processing and inference")
@pytest.mark.parametrize("body", ALLOWED.values(), ids=ALLOWED)
def test_what_is_within_the_limits(v02: V02Client, body: dict[str, Any]) -> None:
    """Values up to and including each limit are accepted."""
    v02.create(body).expect(201)


@documented("v0.2 create: processing and inference; validation_error with details")
@pytest.mark.parametrize(("body", "field"), REFUSED.values(), ids=REFUSED)
def test_what_is_beyond_the_limits(v02: V02Client, body: dict[str, Any], field: str) -> None:
    """A value beyond a limit is a validation_error that names the field."""
    invalid(v02.create(body), field)


@documented("v0.2 create: client.request_id is echoed in errors")
def test_errors_repeat_the_callers_id(v02: V02Client) -> None:
    """Errors repeat the request_id that the client sent."""
    body = changed(frame(0), client={"request_id": "door-1"})
    refusal = v02.create(body)
    hold("request_id", expected="door-1", seen=invalid(refusal)["request_id"], exchange=refusal)


@documented("v0.2 create: 400 and 422")
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"null"])
def test_bodies_that_are_no_objects(v02: V02Client, content: bytes) -> None:
    """A body that is not a JSON object is rejected with an error of the version's format."""
    sent = v02.http(
        "POST", PREFIX + "/streams", key=v02.key, content=content, headers={"Content-Type": "application/json"}
    )
    refused(sent, *INVALID)
