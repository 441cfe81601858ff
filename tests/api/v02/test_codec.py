"""v0.2's codec: from JSON to commands, from events to JSON, without a socket."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ovs_support.engine import Bench, only
from ovs_support.v02 import MODEL, body

from ovs_mock.api.errors import InvalidBodyError
from ovs_mock.api.v02 import decode, encode, errors
from ovs_mock.api.v02.version import V02
from ovs_mock.engine.commands import AnswerInference, CreateStream
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import InferenceDue, ResultReady
from ovs_mock.engine.inference import Answer, InferencePlan
from ovs_mock.engine.models import ModelEntry, ModelStatus
from ovs_mock.engine.sampling import ClipSampling, FrameSampling
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.stream import LiveKitSource, NativeSource, WebRtcSource

RULES = V02.stream_rules(Settings())


def created(**changes: Any) -> CreateStream:
    return decode.create_stream("ovs-key", body(**changes), RULES, V02.max_tokens_per_second)


def planned(**changes: Any) -> InferencePlan:
    plan = created(**changes).plan
    assert plan is not None
    return plan


@pytest.mark.parametrize(
    ("changes", "source"),
    [
        ({}, NativeSource()),
        ({"source": None}, NativeSource()),
        ({"source": {"type": "native"}}, NativeSource()),
        ({"source": {"type": "webrtc", "sdp": "v=0"}}, WebRtcSource("v=0")),
        ({"webrtc": {"type": "offer", "sdp": "v=0"}}, WebRtcSource("v=0")),
        ({"source": {"type": "livekit", "url": "wss://a", "token": "t"}}, LiveKitSource("wss://a", "t")),
    ],
)
def test_sources(changes: Any, source: object) -> None:
    assert created(**changes).source == source


def test_a_livekit_sources_token_is_hidden() -> None:
    assert "secret" not in repr(created(source={"type": "livekit", "url": "wss://a", "token": "secret"}))


def test_the_key_is_hidden() -> None:
    assert "ovs-key" not in repr(created())


@pytest.mark.parametrize(
    ("processing", "sampling"),
    [
        ({"interval_seconds": 0.25}, FrameSampling(250_000)),
        ({"target_fps": 6, "clip_length_seconds": 0.5, "delay_seconds": 2}, ClipSampling(500_000, 2_000_000, 6)),
        (
            {"fps": 30, "sampling_ratio": 0.25, "clip_length_seconds": 1, "delay_seconds": 1},
            ClipSampling(1_000_000, 1_000_000, 7),
        ),
    ],
)
def test_processing_sets_the_sampling(processing: Any, sampling: object) -> None:
    assert planned(processing=processing).sampling == sampling


@given(st.floats(0.1, 60), st.integers(1, 10_000))
def test_the_token_limit_is_128_a_second_of_interval(interval: float, tokens: int) -> None:
    processing = {"interval_seconds": interval}
    assert planned(processing=processing).max_output_tokens == math.floor(128 * interval)
    try:
        assert planned(processing=processing, max_output_tokens=tokens).max_output_tokens == tokens
        assert tokens / interval <= 128
    except InvalidBodyError as invalid:
        assert tokens / interval > 128
        assert f"at most {math.floor(128 * interval)}" in invalid.details[0]["msg"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["source", "type", "processing", "inference", "mode", "prompt", "sdp", "client"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=10,
    )
)
def test_any_json_is_a_command_or_a_list_of_problems(value: Any) -> None:
    try:
        decode.create_stream("ovs-key", value, RULES, V02.max_tokens_per_second)
    except InvalidBodyError as invalid:
        assert invalid.details
        json.dumps(invalid.details)


@pytest.mark.parametrize(
    "processing",
    [
        {"target_fps": 6, "clip_length_seconds": 1, "delay_seconds": 1.7e308},
        {"fps": 10**400, "sampling_ratio": 0.5, "clip_length_seconds": 60, "delay_seconds": 1},
    ],
)
def test_numbers_without_a_limit_are_taken_as_large_as_they_come(processing: Any) -> None:
    sampling = planned(processing=processing).sampling
    assert isinstance(sampling, ClipSampling)
    assert sampling.delay <= 10**15
    assert sampling.fps <= 1_000


def test_a_token_limit_beyond_any_float_is_invalid() -> None:
    with pytest.raises(InvalidBodyError, match="at most 128"):
        planned(processing={"interval_seconds": 1}, max_output_tokens=10**400)


def test_every_rejection_has_a_status_and_a_body() -> None:
    for why in ErrorCode:
        response = errors.rejected(CommandRejectedError(why, "because"))
        assert 400 <= response.status < 600
        assert response.body["message"] == "because"


@pytest.mark.parametrize(
    ("size", "effective"),
    [
        ((640, 480), (640, 480)),
        ((1280, 720), (1280, 720)),
        ((1920, 1080), (1280, 720)),
        ((1080, 1920), (720, 1280)),
        ((1024, 768), (960, 720)),
        ((2560, 720), (1280, 360)),
        ((0, 0), (0, 0)),
    ],
)
def test_the_effective_size_is_capped_at_720p(size: tuple[int, int], effective: tuple[int, int]) -> None:
    assert encode.effective_size(*size) == effective


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_the_effective_size_always_fits(width: int, height: int) -> None:
    long_side, short_side = sorted(encode.effective_size(width, height), reverse=True)
    assert long_side <= 1280
    assert short_side <= 720


@given(st.text(), st.none() | st.text(), st.sampled_from(["stop", "length", "content_filter", None]))
def test_a_result_has_the_text_and_error_of_the_answer(text: str, error: str | None, finish_reason: Any) -> None:
    bench = Bench()
    (due,) = only(bench.frame(bench.stream()), InferenceDue)
    answer = Answer(text=text, error=error, finish_reason=finish_reason)
    (ready,) = only(bench.do(AnswerInference(due.inference.id, answer)), ResultReady)
    result = json.loads(json.dumps(encode.result(ready.result)))
    assert result["ok"] is (error is None)
    assert result["result"] == ("" if error is not None else text)
    assert (result["error"], result["finish_reason"], result["model_name"]) == (error, finish_reason, MODEL)


@pytest.mark.parametrize("message", [None, 1, "x", [], {}, {"api_key": None}, {"api_key": ""}, {"api_key": 1}])
def test_other_first_messages_hold_no_key(message: Any) -> None:
    assert decode.socket_key(message) is None
    assert decode.socket_key({"api_key": "ovs-key", "more": 1}) == "ovs-key"


def test_a_model_that_loads_is_unavailable() -> None:
    (shown,) = encode.models([ModelEntry(MODEL, ModelStatus.LOADING)])
    assert shown == {"model": MODEL, "ready": False, "status": "unavailable"}
