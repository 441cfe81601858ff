"""The fields of v0.2's results."""

import json
from itertools import pairwise
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ovs_contracts.client.v02 import MODEL, V02Client, clips, frames_every
from ovs_contracts.runner.marks import documented, mock_only, sends_video
from ovs_contracts.suite.arranged import scripted
from ovs_contracts.suite.v02.bodies import FPS, SIZE, WITHOUT, changed, filmed
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.targets.target import FrameSource
from ovs_contracts.transport.exchange import Deviation, hold

NUMBER = (int, float)
FIELDS: dict[str, Any] = {
    "id": str,
    "stream_id": str,
    "mode": str,
    "model_backend": str,
    "model_name": str,
    "prompt": str,
    "result": str,
    "inference_latency_ms": NUMBER,
    "total_latency_ms": NUMBER,
    "ok": bool,
    "error": (str, type(None)),
    "finish_reason": (str, type(None)),
}
REASONS = {"stop", "length", "content_filter", None}
SCHEMA = {
    "type": "object",
    "properties": {
        "people": {"type": "integer"},
        "light": {"enum": ["bright", "dim", "dark"]},
        "seen": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["people", "light", "seen"],
    "additionalProperties": False,
}


def well_formed(result: Any) -> None:
    """A Deviation unless the message is a result with all of its fields."""
    if not isinstance(result, dict) or set(result) != set(FIELDS):
        raise Deviation("the fields of a result", expected=sorted(FIELDS), seen=result)
    for name, kind in FIELDS.items():
        if not isinstance(result[name], kind) or (kind is NUMBER and isinstance(result[name], bool)):
            raise Deviation(f"the type of {name}", expected=kind, seen=repr(result[name]))


@documented("v0.2 socket: StreamInferenceResult")
@sends_video(4)
@pytest.mark.parametrize("mode", ["frame", "clip"])
def test_the_fields_of_a_result(v02: V02Client, frame_source: FrameSource, mode: str) -> None:
    """A result has its stream, mode, model, prompt, the model's output and both latencies."""
    body = {"frame": frames_every(0.5), "clip": clips(delay=0.5)}[mode]
    seen = filmed(v02, frame_source, body)
    for result in seen:
        well_formed(result)
        expected = {
            "mode": mode,
            "model_backend": "overshoot",
            "model_name": MODEL,
            "prompt": body["inference"]["prompt"],
            "ok": True,
            "error": None,
        }
        hold("what is known beforehand", expected=expected, seen={name: result[name] for name in expected})
        assert result["result"], "a result that is ok says something"
        assert result["finish_reason"] in REASONS
        assert 0 <= result["inference_latency_ms"] <= result["total_latency_ms"]
    hold("one stream", expected=1, seen=len({result["stream_id"] for result in seen}))
    hold("different ids", expected=len(seen), seen=len({result["id"] for result in seen}))


@documented("v0.2 create: the mode is detected from processing when absent")
@sends_video(4)
@pytest.mark.parametrize("given", [WITHOUT, None], ids=["absent", "null"])
@pytest.mark.parametrize(("mode", "body"), [("frame", frames_every(1.0)), ("clip", clips())], ids=["frame", "clip"])
def test_the_default_mode(
    v02: V02Client, frame_source: FrameSource, mode: str, body: dict[str, Any], given: Any
) -> None:
    """Without a mode, interval_seconds means frame mode, and anything else clip mode."""
    seen = filmed(v02, frame_source, changed(body, mode=given))
    hold("mode", expected={mode}, seen={result["mode"] for result in seen})


@documented("v0.2 socket: result is JSON text when an output schema is set")
@sends_video(4)
def test_results_by_a_schema(v02: V02Client, frame_source: FrameSource) -> None:
    """With an output schema the result is JSON text that is valid against it."""
    for result in filmed(v02, frame_source, frames_every(1.0, output_schema_json=SCHEMA)):
        hold("a text", expected=str, seen=type(result["result"]))
        problems = [error.message for error in Draft202012Validator(SCHEMA).iter_errors(json.loads(result["result"]))]
        hold("problems of the result", expected=[], seen=problems)


@documented("v0.2 socket: when ok is false, result is empty and error says why")
@sends_video(5, Capability.CONTROL)
def test_a_model_that_fails(v02: V02Client, frame_source: FrameSource, controls: Controls) -> None:
    """A failed inference has ok false, an empty result and the error; later inferences are not affected."""
    stream_id = v02.stream()
    with v02.result_socket(stream_id) as results, scripted(controls, {"error": "out of memory"}):
        frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
        failed, *others = results.receive_available()
        info = v02.info(stream_id).expect(200)
    well_formed(failed)
    hold("ok and result", expected=(False, ""), seen=(failed["ok"], failed["result"]))
    hold("error", expected="out of memory", seen=failed["error"])
    assert others
    assert all(result["ok"] for result in others)
    hold("inferences_failed", expected=1, seen=info.json["inferences_failed"], exchange=info)


@documented("v0.2 socket: finish_reason")
@sends_video(4, Capability.CONTROL)
@pytest.mark.parametrize("reason", ["stop", "length", "content_filter"])
def test_finish_reasons(v02: V02Client, frame_source: FrameSource, controls: Controls, reason: str) -> None:
    """A result has the finish reason of the model."""
    with scripted(controls, {"text": "A door.", "finish_reason": reason}):
        first = filmed(v02, frame_source, frames_every(1.0))[0]
    hold("result", expected=("A door.", reason), seen=(first["result"], first["finish_reason"]))


@mock_only("only the mock's model says which frames it was given")
@sends_video(4)
def test_which_frames_a_model_is_given(v02: V02Client, frame_source: FrameSource) -> None:
    """A clip has the last clip_length_seconds of video at target_fps."""
    stream_id = v02.stream(clips(length=2.0, delay=1.0, fps=3))
    with v02.result_socket(stream_id) as results:
        frame_source.play(stream_id, 4, fps=12, size=SIZE)
        said = results.receive_available()[0]["result"]
    given = [int(word.rstrip(",")[1:]) for word in said.split() if word.startswith("#")]
    apart = [later - earlier for earlier, later in pairwise(given)]
    hold("six frames, a third of a second apart", expected=[4] * 5, seen=apart)
    hold("the newest when two seconds were over", expected=23, seen=given[-1])
