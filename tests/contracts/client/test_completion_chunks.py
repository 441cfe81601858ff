"""Answers in pieces are put together as clients do, and what is no piece does not pass."""

import json
from typing import Any

import pytest
from ovs_contracts.client.completion_chunks import CompletionChunks
from ovs_contracts.transport.exchange import Call, Deviation, Exchange


def chunk(delta: dict[str, Any], *, index: int = 0, end: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": index, "delta": delta, "finish_reason": end}]}


def streamed(*events: Any, status: int = 200) -> Exchange:
    call = Call(method="POST", url="http://mock/v1/chat/completions", path="/v1/chat/completions", headers={})
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
    return Exchange(call=call, status=status, headers={}, body=body.encode(), seconds=0)


def test_texts_and_ends_of_each_choice() -> None:
    usage = {"choices": [], "usage": {"total_tokens": 3}}
    pieces = CompletionChunks(
        streamed(
            chunk({"role": "assistant", "content": ""}),
            chunk({"content": "one "}),
            chunk({"content": "other"}, index=1),
            chunk({"content": "two"}),
            chunk({}, end="stop"),
            chunk({}, index=1, end="length"),
            usage,
        )
    )
    assert (pieces.text(), pieces.text(1)) == ("one two", "other")
    assert (pieces.finish_reasons(), pieces.finish_reasons(1)) == (["stop"], ["length"])
    assert pieces.without_choices == [usage]


def test_calls_are_put_together() -> None:
    began = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "look", "arguments": ""}}
    parts = [{"index": 0, "function": {"arguments": part}} for part in ('{"at"', ": 1}")]
    pieces = CompletionChunks(streamed(*(chunk({"tool_calls": [delta]}) for delta in (began, *parts))))
    assert pieces.tool_calls() == [{"id": "call_1", "type": "function", "name": "look", "arguments": '{"at": 1}'}]


@pytest.mark.parametrize(
    "event",
    [
        {"error": {"message": "too late"}},
        {"choices": None},
        {"choices": [{"index": 0, "message": {}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}}]},
        {"choices": [{"delta": {}, "finish_reason": None}]},
        "text",
    ],
)
def test_what_is_no_piece(event: Any) -> None:
    with pytest.raises(Deviation):
        CompletionChunks(streamed(chunk({}), event))


def test_an_answer_that_is_an_error() -> None:
    with pytest.raises(Deviation):
        CompletionChunks(streamed(status=500))
