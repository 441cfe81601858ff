"""Answers without what differs from target to target."""

import json
from typing import Any

import jwt
import pytest
from ovs_contracts.differential.normalisation import SECONDS, ApproximateValue, Normaliser
from ovs_contracts.transport.exchange import Call, Exchange

NOW = 1_790_000_000.0
ONE, OTHER = "7f1c0f9e-5f0f-4e0c-9d56-0d6f6a0a4d11", "00000000-0000-4000-8000-000000000001"


def answer(body: Any, *, strict: bool = True, kind: str = "application/json", **headers: str) -> dict[str, Any]:
    exchange = Exchange(
        call=Call(method="GET", url="", path="/", headers={}),
        status=200,
        headers={"content-type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}},
        body=body.encode() if isinstance(body, str) else json.dumps(body).encode(),
        seconds=0,
    )
    return Normaliser(strict=strict).answer(exchange, NOW)


def test_ids_become_references_by_the_order_in_which_they_come_up() -> None:
    normalised = answer({"id": ONE, "other": OTHER, "again": f"ovs://streams/{ONE}", "name": "res_0123456789abcdef"})[
        "body"
    ]
    by_address = {"id": "<id 1>", "other": "<id 2>", "again": "ovs://…/<id 1>", "name": "<id 3>"}
    assert normalised == by_address or normalised == {
        "id": "<id 1>", "other": "<id 2>", "again": "ovs://streams/<id 1>", "name": "<id 3>"
    }  # fmt: skip


def test_times_are_relative_to_the_clock_of_the_target() -> None:
    normalised = answer(
        {"expires_at_ms": (NOW + 300) * 1000, "created": NOW - 2, "updated_at": "2026-09-21T14:13:25Z"}
    )["body"]
    assert normalised["expires_at_ms"] == ApproximateValue(300, SECONDS)
    assert normalised["created"] == ApproximateValue(-2, SECONDS)
    assert isinstance(normalised["updated_at"], ApproximateValue)
    assert answer({"created": 1_767_225_600})["body"] == {"created": "long ago"}


def test_tokens_are_reduced_to_what_they_grant() -> None:
    token = jwt.encode({"sub": "someone", "nbf": 1000, "exp": 1600, "video": {"roomJoin": True, "room": "r"}}, "k" * 32)
    assert answer({"token": token})["body"]["token"] == {
        "token": {
            "seconds": 600,
            "names": ["exp", "nbf", "sub", "video"],
            "video": {"roomJoin": True, "room": "(given)"},
        }
    }


def test_messages_are_compared_only_for_the_same_program() -> None:
    text = {"message": "Not so.", "usage": {"prompt_tokens": 7}, "balance_microcents": 5}
    assert answer(text)["body"]["message"] == "Not so."
    assert answer(text, strict=False)["body"] == {
        "message": "(words)", "usage": {"prompt_tokens": "int"}, "balance_microcents": "int"
    }  # fmt: skip
    models = {"data": [{"id": "a", "owned_by": "x"}, {"id": "b", "owned_by": "x"}]}
    assert answer(models, strict=False)["body"] == {"data": ["id, owned_by"]}


def test_durations_are_ignored_and_headers_are_selected() -> None:
    normalised = answer({"inference_latency_ms": 1.5, "uptime_seconds": 9}, set_cookie="a=b", date="now", allow="GET")
    assert normalised["body"] == {"inference_latency_ms": "float", "uptime_seconds": ApproximateValue(9, SECONDS)}
    assert normalised["headers"] == {"content-type": "application/json", "allow": "GET", "set-cookie": "(given)"}


@pytest.mark.parametrize(("text", "normalised"), [("data: {}\n\ndata: [DONE]\n\n", {"ends": "data: [DONE]"})])
def test_a_streamed_answer_is_compared_by_its_end(text: str, normalised: Any) -> None:
    assert answer(text, kind="text/event-stream")["body"] == normalised
