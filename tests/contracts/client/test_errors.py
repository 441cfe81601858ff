"""Errors of v1, v1beta and billing that are not as they should be do not pass."""

import json
from typing import Any

import pytest
from ovs_contracts.client.errors import invalid, plain, typed
from ovs_contracts.transport.exchange import Call, Deviation, Exchange

PROBLEM = {"loc": ["body", "messages", 0], "msg": "Field required", "type": "missing"}
FAILED = {"error": "validation_error", "message": "Request validation failed", "details": [PROBLEM]}
ERROR = {"message": "Gone.", "type": "stream_error", "code": "frame_evicted"}


def answered(status: int, body: Any) -> Exchange:
    call = Call(method="GET", url="http://mock/v1/models", path="/v1/models", headers={})
    return Exchange(call=call, status=status, headers={}, body=json.dumps(body).encode(), seconds=0)


def test_errors_as_they_should_be() -> None:
    assert plain(answered(404, {"detail": "Not found."}), 404) == "Not found."
    assert invalid(answered(422, FAILED)) == [["body", "messages", 0]]
    error = {**ERROR, "upstream": {"status": 503}}
    assert typed(answered(410, {"detail": {"error": error}}), 410, "stream_error", "frame_evicted") == error


@pytest.mark.parametrize(
    "body", [{}, {"detail": ""}, {"detail": None}, {"detail": {"error": ERROR}}, {"detail": "x", "more": 1}, "x", None]
)
def test_plain_errors_of_another_form(body: Any) -> None:
    with pytest.raises(Deviation):
        plain(answered(404, body), 404)


@pytest.mark.parametrize(
    "changed",
    [
        {"error": "invalid"},
        {"message": "No."},
        {"details": []},
        {"details": None},
        {"details": ["messages"]},
        {"details": [{**PROBLEM, "loc": "body.messages"}]},
        {"details": [{**PROBLEM, "loc": []}]},
        {"details": [{**PROBLEM, "loc": [None]}]},
        {"details": [{"loc": ["body"]}]},
        {"more": 1},
    ],
)
def test_problems_of_another_form(changed: dict[str, Any]) -> None:
    with pytest.raises(Deviation):
        invalid(answered(422, {**FAILED, **changed}))


@pytest.mark.parametrize(
    "body",
    [
        {"detail": "Gone."},
        {"error": ERROR},
        {"detail": {"error": {**ERROR, "message": ""}}},
        {"detail": {"error": {**ERROR, "type": "error"}}},
        {"detail": {"error": {**ERROR, "code": "gone"}}},
        {"detail": {"error": {**ERROR, "code": 410}}},
        {"detail": {"error": {**ERROR, "more": 1}}},
        {"detail": {"error": ERROR, "more": 1}},
    ],
)
def test_typed_errors_of_another_form(body: Any) -> None:
    with pytest.raises(Deviation):
        typed(answered(410, body), 410, "stream_error", "frame_evicted")


def test_other_statuses() -> None:
    with pytest.raises(Deviation):
        plain(answered(403, {"detail": "No."}), 401, 404)
    with pytest.raises(Deviation):
        invalid(answered(400, FAILED))
    with pytest.raises(Deviation):
        typed(answered(404, {"detail": {"error": ERROR}}), 410, "stream_error", "frame_evicted")
