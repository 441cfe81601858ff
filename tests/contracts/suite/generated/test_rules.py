"""Rules between fields, bodies that are read leniently, and the forms of errors."""

import json
from typing import Any

import pytest
from ovs_contracts.documents import openapi
from ovs_contracts.suite.generated.error_forms import problem_with
from ovs_contracts.suite.generated.lenient import valid_leniently
from ovs_contracts.suite.generated.rules import CREATE, REINFER, broken_rule
from ovs_contracts.transport.exchange import Call, Exchange

CHAT = "POST /v1beta/chat/completions"
CLIP = {"clip_length_seconds": 1, "delay_seconds": 1}


def created(processing: Any, inference: Any = None, **more: Any) -> Any:
    return {"processing": processing, "inference": {"prompt": "?", "model": "m", **(inference or {})}, **more}


@pytest.mark.parametrize(
    ("operation", "body", "broken"),
    [
        (CREATE, created({"interval_seconds": 1}), None),
        (CREATE, created({"interval_seconds": 1}, mode="frame"), None),
        (CREATE, created({"interval_seconds": 1}, mode="clip"), "mode and processing agree"),
        (CREATE, created({"interval_seconds": 1}, {"max_output_tokens": 128}), None),
        (CREATE, created({"interval_seconds": 1}, {"max_output_tokens": 129}), "at most 128"),
        (CREATE, created({**CLIP, "target_fps": 3}), None),
        (CREATE, created({**CLIP, "target_fps": 2}), "at least three frames"),
        (CREATE, created({**CLIP, "fps": 30, "sampling_ratio": 0.1}), None),
        (CREATE, created({**CLIP, "fps": 29, "sampling_ratio": 0.1}), "at least three frames"),
        (CREATE, created({**CLIP, "fps": 10**400, "sampling_ratio": 0.1}), None),
        (CREATE, created({**CLIP, "fps": 30}), "target_fps, or fps"),
        (CREATE, created({**CLIP, "target_fps": 3, "fps": 30}), "target_fps, or fps"),
        (CREATE, created({"interval_seconds": 1}, {"output_schema_json": {"type": "thing"}}), "schemas are JSON"),
        (REINFER, {"output_schema": {"type": 3}}, "schemas are JSON"),
        (CHAT, {"tool_choice": "required"}, "leads to a tool"),
        (CHAT, {"tool_choice": {"function": {"name": "a"}}, "tools": [{"function": {"name": "b"}}]}, "leads to a tool"),
        (CHAT, {"tool_choice": {"function": {"name": "a"}}, "tools": [{"function": {"name": "a"}}]}, None),
        (CHAT, {"response_format": {"type": "json_schema", "json_schema": {"schema": {"required": 1}}}}, "schemas"),
        (CHAT, "no object", None),
    ],
)
def test_rules_between_fields(operation: str, body: Any, broken: str | None) -> None:
    rule = broken_rule(operation, body)
    assert (rule is None) == (broken is None)
    assert broken is None or broken in (rule.name if rule else "")


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        ({"rating": 8, "category": "a"}, True),
        ({"rating": "8", "category": "a"}, True),
        ({"rating": True, "category": "a"}, True),
        ({"rating": 8.0, "category": "a"}, True),
        ({"rating": "11", "category": "a"}, False),
        ({"rating": 8.5, "category": "a"}, False),
        ({"rating": "eight", "category": "a"}, False),
        ({"rating": 8, "category": 1}, False),
        ({"rating": None, "category": "a"}, False),
    ],
)
def test_numbers_may_be_written_in_other_ways(body: Any, *, valid: bool) -> None:
    assert valid_leniently(openapi("v0.2"), "/v0.2/streams/{stream_id}/feedback", "post", body) is valid


def answered(status: int, body: Any, path: str = "/v1beta/streams") -> Exchange:
    return Exchange(
        call=Call(method="POST", url="", path=path, headers={}),
        status=status,
        headers={"content-type": "application/json"},
        body=json.dumps(body).encode(),
        seconds=0,
    )


INVALID = {
    "error": "validation_error",
    "message": "Request validation failed",
    "details": [{"loc": [], "msg": "", "type": ""}],
}
TYPED = {"detail": {"error": {"message": "m", "type": "stream_error", "code": "frame_evicted"}}}


@pytest.mark.parametrize(
    ("version", "exchange", "right"),
    [
        ("v0.2", answered(404, {"error": "e", "message": "m", "request_id": None, "details": None}), True),
        ("v0.2", answered(404, {"error": "e", "message": "m", "details": None}), False),
        ("v0.2", answered(404, {"detail": "m"}), False),
        ("v1", answered(404, {"detail": "m"}), True),
        ("v1", answered(404, {"detail": {"error": "m"}}), False),
        ("v1", answered(422, INVALID), True),
        ("v1", answered(422, {**INVALID, "more": 1}), False),
        ("v1beta", answered(410, TYPED, "/v1beta/chat/completions"), True),
        ("v1beta", answered(409, TYPED, "/v1beta/chat/completions"), False),
        ("v1beta", answered(410, {"detail": "m"}, "/v1beta/chat/completions"), False),
        ("v1beta", answered(401, {"detail": "m"}, "/v1beta/chat/completions"), True),
        ("v1beta", answered(404, TYPED), False),
    ],
)
def test_the_form_of_errors(version: str, exchange: Exchange, *, right: bool) -> None:
    assert (problem_with(version, exchange) is None) is right
