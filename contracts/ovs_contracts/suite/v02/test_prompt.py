"""Changing the prompt of a running stream of v0.2."""

from datetime import datetime
from typing import Any

import pytest

from ovs_contracts.client.timing import hold_duration, timed
from ovs_contracts.client.v02 import MODEL, PREFIX, V02Client, frames_every
from ovs_contracts.client.v02_errors import INVALID, invalid, refused
from ovs_contracts.runner.marks import documented, needs, passes_time, sends_video
from ovs_contracts.suite.v02.bodies import FPS, NOBODYS, SIZE
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import hold

OLD, NEW = "Describe what you see.", "Count the cars."
SCHEMA = {"type": "object", "properties": {"cars": {"type": "integer"}}}


@documented("v0.2 prompt: StreamConfigResponse")
@passes_time(2)
def test_what_a_new_prompt_answers(v02: V02Client, clock: TargetTime) -> None:
    """Changing the prompt returns the stream's settings, of which only the prompt has changed."""
    created, begun = timed(clock, lambda: v02.create(frames_every(1.0, output_schema_json=SCHEMA)))
    stream_id = created.expect(201).json["stream_id"]
    first = v02.prompt(stream_id, OLD).expect(200)
    clock.let_pass(2)
    changed, at = timed(clock, lambda: v02.prompt(stream_id, NEW).expect(200))
    expected = {
        "stream_id": stream_id,
        "prompt": NEW,
        "backend": "overshoot",
        "model": MODEL,
        "output_schema_json": SCHEMA,
    }
    hold("settings", expected=expected, seen={name: changed.json.get(name) for name in expected}, exchange=changed)
    for name in ("id", "created_at"):
        hold(f"{name} stays", expected=first.json[name], seen=changed.json[name], exchange=changed)
    times = [changed.json["created_at"], changed.json["updated_at"]]
    if None not in times:
        assert all(time.endswith("Z") for time in times), "times are in UTC, with a Z"
        made, updated = map(datetime.fromisoformat, times)
        hold_duration("updated_at after created_at", (updated - made).total_seconds(), begun, at, changed)


@documented("v0.2 prompt: 422 empty prompt or extra fields")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"prompt": ""}, "prompt"),
        ({}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"prompt": 7}, "prompt"),
        ({"prompt": NEW, "model": MODEL}, "model"),
    ],
    ids=["empty", "absent", "null", "a number", "a field more"],
)
def test_invalid_prompts(v02: V02Client, body: dict[str, Any], field: str) -> None:
    """An empty, missing or non-text prompt and unknown fields are 422."""
    stream_id = v02.stream()
    refusal = v02.http("PATCH", f"{PREFIX}/streams/{stream_id}/config/prompt", key=v02.key, body=body)
    invalid(refusal, field, statuses=(422,))


@documented("v0.2 prompt: 400 malformed stream_id")
def test_malformed_ids(v02: V02Client) -> None:
    """A stream id that is not a UUID is 400 on this path."""
    refused(v02.prompt("not-a-uuid", NEW), 400)
    refused(v02.prompt(NOBODYS, NEW), 404)


@documented("v0.2 prompt: 400 and 422")
def test_malformed_json(v02: V02Client) -> None:
    """A body that is not JSON is rejected with an error of the version's format."""
    path = f"{PREFIX}/streams/{v02.stream()}/config/prompt"
    sent = v02.http("PATCH", path, key=v02.key, content=b"{", headers={"Content-Type": "application/json"})
    refused(sent, *INVALID)


@documented("v0.2 prompt: applies from the next inference; results: the prompt used for this inference")
@sends_video(8)
def test_a_new_prompt_is_that_of_later_inferences(v02: V02Client, frame_source: FrameSource) -> None:
    """Results have the old prompt before the change and the new one after it."""
    stream_id = v02.stream(frames_every(1.0, prompt=OLD))
    with v02.result_socket(stream_id) as results:
        frame_source.play(stream_id, 4, fps=FPS, size=SIZE)
        before = v02.status(stream_id)["inferences_completed"]
        v02.prompt(stream_id, NEW).expect(200)
        frame_source.play(stream_id, 4, fps=FPS, size=SIZE)
        v02.delete(stream_id).expect(200)
        prompts = [result["prompt"] for result in results.receive_until_closed()]
    olds = prompts.count(OLD)
    hold("prompts in order", expected=[OLD] * olds + [NEW] * (len(prompts) - olds), seen=prompts)
    # A model may have been looking at one when the prompt changed.
    assert before <= olds <= before + 1, f"{before} inferences before the change, {olds} results with the old prompt"
    assert olds < len(prompts), "results came after the change"


@documented("v0.2 prompt: applies from the next inference")
@needs(Capability.CONTROL)
@passes_time(4)
def test_a_new_prompt_is_that_of_the_very_next_inference(
    v02: V02Client, clock: TargetTime, frame_source: FrameSource
) -> None:
    """A prompt that is changed between two inferences applies to the second."""
    stream_id = v02.stream(frames_every(1.0, prompt=OLD))
    with v02.result_socket(stream_id) as results:
        begun = clock.now()
        frame_source.play(stream_id, 2.5, fps=FPS, size=SIZE)
        v02.prompt(stream_id, NEW).expect(200)
        if clock.now() > begun + 3:
            pytest.skip("the machine is too slow to change the prompt between two inferences")
        frame_source.play(stream_id, 1, fps=FPS, size=SIZE)
        prompts = [result["prompt"] for result in results.receive_available()]
    hold("prompts of the first four results", expected=[OLD, OLD, OLD, NEW], seen=prompts[:4])
