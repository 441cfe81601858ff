"""Errors of v0.2 that are not as they should be do not pass."""

import json
from typing import Any

import pytest
from ovs_contracts.client.v02_errors import invalid, message_of, refused
from ovs_contracts.transport.exchange import Call, Deviation, Exchange

PROBLEM = {"loc": ["body", "inference", "prompt"], "msg": "too short", "type": "string_too_short"}
FAILED = {"error": "validation_error", "message": "No.", "request_id": None, "details": [PROBLEM]}


def answered(status: int, body: Any) -> Exchange:
    call = Call(method="POST", url="http://mock/v0.2/streams", path="/v0.2/streams", headers={})
    return Exchange(call=call, status=status, headers={}, body=json.dumps(body).encode(), seconds=0)


def test_the_least_that_an_error_says() -> None:
    assert refused(answered(404, {"error": "not_found"}), 404) == {"error": "not_found"}


@pytest.mark.parametrize(
    "body",
    [
        {"detail": "Not found"},
        {"error": ""},
        {"error": None},
        {"error": "x", "message": 7},
        {"error": "x", "request_id": 7},
        {"error": "x", "more": 1},
        "error",
    ],
)
def test_errors_of_another_form(body: Any) -> None:
    with pytest.raises(Deviation):
        refused(answered(404, body), 404)


def test_another_status() -> None:
    with pytest.raises(Deviation):
        refused(answered(403, {"error": "forbidden"}), 404)


def test_a_problem_where_it_is_expected() -> None:
    body = invalid(answered(422, FAILED), "prompt")
    assert message_of(body) == "No. too short"


@pytest.mark.parametrize(
    "changed",
    [
        {"error": "invalid"},
        {"details": None},
        {"details": []},
        {"details": ["prompt"]},
        {"details": [{**PROBLEM, "loc": "body.inference.prompt"}]},
        {"details": [{**PROBLEM, "loc": ["inference", "prompt"]}]},
        {"details": [{**PROBLEM, "loc": ["body", "inference", "model"]}]},
        {"details": [{"loc": ["body", "prompt"]}]},
    ],
)
def test_problems_of_another_form_or_elsewhere(changed: dict[str, Any]) -> None:
    with pytest.raises(Deviation):
        invalid(answered(422, {**FAILED, **changed}), "prompt")
