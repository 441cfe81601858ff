"""Asking again about the clip of a result of v0.2."""

import json
from typing import Any

import pytest

from ovs_contracts.client.v02 import MODEL, PREFIX, V02Client, clips, frames_every
from ovs_contracts.client.v02_errors import INVALID, invalid, refused
from ovs_contracts.runner.marks import documented, sends_video
from ovs_contracts.suite.v02.bodies import FPS, SIZE, WITHOUT, changed
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import Exchange, hold

# Clients ask again three times, a second apart.
RETRIES = 3
# A clip takes one to two seconds to be persisted.
SOONEST = 1.0
SCHEMA = {
    "type": "object",
    "properties": {"people": {"type": "integer"}},
    "required": ["people"],
    "additionalProperties": False,
}
FIELDS = {"id", "model", "content", "finish_reason", "usage"}


def persisted(v02: V02Client, clock: TargetTime, result_id: str) -> Exchange:
    """The first answer about a result that is no 404, after as many tries as clients make."""
    asked = v02.reinfer(result_id)
    for _ in range(RETRIES):
        if asked.status != 404:
            break
        clock.let_pass(1)
        asked = v02.reinfer(result_id)
    return asked


@documented("v0.2 reinfer: 404 for what is unknown")
def test_unknown_results(v02: V02Client) -> None:
    """An unknown result is 404."""
    refused(v02.reinfer("res_nothing"), 404)


@documented("v0.2 reinfer: body result_id, prompt, model")
@pytest.mark.parametrize("field", ["result_id", "prompt", "model"])
def test_required_fields(v02: V02Client, field: str) -> None:
    """result_id, prompt and model are required."""
    body = {"result_id": "res_nothing", "prompt": "Look again.", "model": MODEL}
    sent = v02.http("POST", PREFIX + "/chat/completions/clip", key=v02.key, body=changed(body, **{field: WITHOUT}))
    invalid(sent, field, statuses=INVALID)


@documented("v0.2 reinfer: 200 once the clip is persisted; the SDK asks again three times, a second apart")
@sends_video(7)
@pytest.mark.parametrize("body", [frames_every(1.0), clips()], ids=["frame", "clip"])
def test_asking_again(v02: V02Client, clock: TargetTime, frame_source: FrameSource, body: dict[str, Any]) -> None:
    """A stored result can be asked about with another prompt, token limit and schema."""
    stream_id = v02.stream(body)
    with v02.result_socket(stream_id) as results:
        frame_source.play(stream_id, 4, fps=FPS, size=SIZE)
        result = results.receive_available()[-1]
    answer = persisted(v02, clock, result["id"]).expect(200)
    hold("fields lacking", expected=set(), seen=FIELDS - set(answer.json), exchange=answer)
    hold("the model", expected=MODEL, seen=answer.json["model"], exchange=answer)
    assert answer.json["content"]
    usage = answer.json["usage"]
    total = usage["prompt_tokens"] + usage["completion_tokens"]
    hold("total_tokens", expected=total, seen=usage["total_tokens"], exchange=answer)

    fields = {"temperature": 0, "max_tokens": 100, "output_schema": SCHEMA}
    structured = v02.reinfer(result["id"], "How many people?", fields=fields).expect(200)
    people = json.loads(structured.json["content"])
    hold(
        "the answer's form", expected={"people": int}, seen={k: type(v) for k, v in people.items()}, exchange=structured
    )

    short = v02.reinfer(result["id"], fields={"max_tokens": 1}).expect(200)
    hold("finish_reason of one token", expected="length", seen=short.json["finish_reason"], exchange=short)


@documented("v0.2 reinfer: a result's id; streams belong to the key's user")
@sends_video(7, Capability.SECOND_KEY)
def test_results_of_others_and_unknown_models(
    v02: V02Client, clock: TargetTime, frame_source: FrameSource, other_key: str
) -> None:
    """Another user's result and an unknown model are rejected."""
    stream_id = v02.stream()
    with v02.result_socket(stream_id) as results:
        frame_source.play(stream_id, 4, fps=FPS, size=SIZE)
        result = results.receive()
    persisted(v02, clock, result["id"]).expect(200)
    refused(v02.reinfer(result["id"], key=other_key), 403, 404)
    refused(v02.reinfer(result["id"], model="nobody/no-such-model"), *INVALID, 404)


@documented("v0.2 reinfer: 404 until the clip is persisted, 1 to 2 s after the result")
@sends_video(1)
def test_asking_too_soon(v02: V02Client, clock: TargetTime, frame_source: FrameSource) -> None:
    """A result is 404 right after it was sent, because its clip is not stored yet."""
    stream_id = v02.stream(frames_every(60))
    with v02.result_socket(stream_id) as results:
        begun = clock.now()
        frame_source.play(stream_id, 0.6, fps=FPS, size=SIZE)
        result = results.receive()
    asked = v02.reinfer(result["id"])
    if clock.now() - begun > SOONEST:
        pytest.skip("too slow to ask within a second of the result")
    refused(asked, 404)
