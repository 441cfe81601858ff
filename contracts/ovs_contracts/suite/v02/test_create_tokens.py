"""How many tokens an inference of v0.2 may produce: 128 for each second of the interval."""

import re
from typing import Any

import pytest

from ovs_contracts.client.v02 import V02Client, clips, frames_every
from ovs_contracts.client.v02_errors import invalid, message_of
from ovs_contracts.runner.marks import documented, mock_only, sends_video
from ovs_contracts.suite.arranged import scripted
from ovs_contracts.suite.v02.bodies import filmed
from ovs_contracts.targets.controls import Controls
from ovs_contracts.targets.target import FrameSource
from ovs_contracts.transport.exchange import hold

# The mock's tokens are four characters each.
CHARACTERS = 4


def numbers(text: str) -> set[float]:
    return {float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}


@documented("v0.2 create: max_output_tokens")
@pytest.mark.parametrize(
    "body",
    [
        frames_every(0.5, max_output_tokens=64),
        frames_every(0.3, max_output_tokens=38),
        clips(length=1.0, delay=2.0, max_output_tokens=256),
    ],
    ids=["frame", "frame, no whole number", "clip"],
)
def test_as_many_tokens_as_128_a_second(v02: V02Client, body: dict[str, Any]) -> None:
    """max_output_tokens may be 128 tokens per second."""
    v02.create(body).expect(201)


@documented("v0.2 create: max_output_tokens, and what the message states")
@pytest.mark.parametrize(
    ("body", "stated"),
    [
        (frames_every(0.5, max_output_tokens=65), {130, 128, 65, 0.5, 64}),
        (frames_every(0.3, max_output_tokens=39), {130, 128, 39, 0.3, 38}),
        (clips(length=1.0, delay=2.0, max_output_tokens=257), {128.5, 128, 257, 2, 256}),
    ],
    ids=["frame", "frame, no whole number", "clip"],
)
def test_more_tokens_than_128_a_second(v02: V02Client, body: dict[str, Any], stated: set[float]) -> None:
    """More than 128 tokens per second is 422, with the rate, the limit, both operands and the maximum."""
    refusal = v02.create(body)
    text = message_of(invalid(refusal, statuses=(422,)))
    hold("numbers that the message lacks", expected=set(), seen=stated - numbers(text), exchange=refusal)


@documented("v0.2 create: max_output_tokens; results: finish_reason")
@sends_video(4)
def test_answers_end_with_their_last_token(v02: V02Client, frame_source: FrameSource) -> None:
    """A result that reaches max_output_tokens has the finish reason length."""
    seen = filmed(v02, frame_source, frames_every(0.5, max_output_tokens=1))
    hold("the finish reasons", expected={"length"}, seen={result["finish_reason"] for result in seen if result["ok"]})


@mock_only("only the mock's tokens can be counted")
@sends_video(4)
@pytest.mark.parametrize(
    ("body", "tokens"),
    [(frames_every(0.1), 12), (frames_every(0.7), 89), (clips(length=1.0, delay=0.1), 12)],
    ids=["frame", "frame, rounded down", "clip"],
)
def test_the_default_limit(
    v02: V02Client, frame_source: FrameSource, controls: Controls, body: dict[str, Any], tokens: int
) -> None:
    """max_output_tokens defaults to 128 tokens for each second of the interval, rounded down."""
    with scripted(controls, {"text": "x" * 1_000}):
        first = filmed(v02, frame_source, body)[0]
    hold(
        "the answer's end",
        expected=(tokens * CHARACTERS, "length"),
        seen=(len(first["result"]), first["finish_reason"]),
    )
