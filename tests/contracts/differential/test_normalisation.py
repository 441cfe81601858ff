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
    shown = answer({"id": ONE, "other": OTHER, "again": f"ovs://streams/{ONE}", "name": "res_0123456789abcdef"})["body"]
    assert shown == {"id": "<id 1>", "other": "<id 2>", "again": "ovs://…/<id 1>", "name": "<id 3>"} or shown == {
        "id": "<id 1>", "other": "<id 2>", "again": "ovs://streams/<id 1>", "name": "<id 3>"
    }  # fmt: skip


def test_moments_are_told_by_their_distance() -> None:
    shown = answer({"expires_at_ms": (NOW + 300) * 1000, "created": NOW - 2, "updated_at": "2026-09-21T14:13:25Z"})[
        "body"
    ]
    assert shown["expires_at_ms"] == ApproximateValue(300, SECONDS)
    assert shown["created"] == ApproximateValue(-2, SECONDS)
    assert isinstance(shown["updated_at"], ApproximateValue)
    assert answer({"created": 1_767_225_600})["body"] == {"created": "long ago"}


def test_tokens_are_told_by_what_they_allow() -> None:
    token = jwt.encode({"sub": "someone", "nbf": 1000, "exp": 1600, "video": {"roomJoin": True, "room": "r"}}, "k" * 32)
    assert answer({"token": token})["body"]["token"] == {
        "token": {
            "seconds": 600,
            "names": ["exp", "nbf", "sub", "video"],
            "video": {"roomJoin": True, "room": "(given)"},
        }
    }


def test_only_the_same_program_says_the_same_words() -> None:
    said = {"message": "Not so.", "usage": {"prompt_tokens": 7}, "balance_microcents": 5}
    assert answer(said)["body"]["message"] == "Not so."
    assert answer(said, strict=False)["body"] == {
        "message": "(words)", "usage": {"prompt_tokens": "int"}, "balance_microcents": "int"
    }  # fmt: skip
    models = {"data": [{"id": "a", "owned_by": "x"}, {"id": "b", "owned_by": "x"}]}
    assert answer(models, strict=False)["body"] == {"data": ["id, owned_by"]}


def test_durations_are_of_no_account_and_headers_are_chosen() -> None:
    shown = answer({"inference_latency_ms": 1.5, "uptime_seconds": 9}, set_cookie="a=b", date="now", allow="GET")
    assert shown["body"] == {"inference_latency_ms": "float", "uptime_seconds": ApproximateValue(9, SECONDS)}
    assert shown["headers"] == {"content-type": "application/json", "allow": "GET", "set-cookie": "(given)"}


@pytest.mark.parametrize(("text", "shown"), [("data: {}\n\ndata: [DONE]\n\n", {"ends": "data: [DONE]"})])
def test_of_a_streamed_answer_counts_how_it_ends(text: str, shown: Any) -> None:
    assert answer(text, kind="text/event-stream")["body"] == shown
