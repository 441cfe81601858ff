"""Bodies of chat completions that fail validation."""

from typing import Any

import pytest

from ovs_contracts.client import errors
from ovs_contracts.client.chat import MODEL, ChatClient
from ovs_contracts.runner.marks import documented
from ovs_contracts.transport.exchange import hold

HELLO = {"role": "user", "content": "Hello."}


def with_part(part: Any) -> dict[str, Any]:
    return {"model": MODEL, "messages": [{"role": "user", "content": [part]}]}


def with_message(message: Any) -> dict[str, Any]:
    return {"model": MODEL, "messages": [message]}


# What is wrong, and what the place of at least one problem begins with.
WRONG: dict[str, tuple[Any, list[str | int]]] = {
    "nothing": ({}, ["body"]),
    "no model": ({"messages": [HELLO]}, ["body", "model"]),
    "a model that is no text": ({"model": 7, "messages": [HELLO]}, ["body", "model"]),
    "no messages": ({"model": MODEL}, ["body", "messages"]),
    "messages that are no list": ({"model": MODEL, "messages": "Hello."}, ["body", "messages"]),
    "messages that are null": ({"model": MODEL, "messages": None}, ["body", "messages"]),
    "a message that is no object": (with_message("Hello."), ["body", "messages", 0]),
    "a message without a role": (with_message({"content": "Hello."}), ["body", "messages", 0]),
    "an unknown role": (with_message({"role": "ghost", "content": "Boo."}), ["body", "messages", 0]),
    "content that is a number": (with_message({"role": "user", "content": 7}), ["body", "messages", 0]),
    "a part that is no object": (with_part("Hello."), ["body", "messages", 0]),
    "a part without a type": (with_part({"text": "Hello."}), ["body", "messages", 0]),
    "an unknown part": (with_part({"type": "smell", "smell": "roses"}), ["body", "messages", 0]),
    "a text without a text": (with_part({"type": "text"}), ["body", "messages", 0]),
    "an image without a url": (with_part({"type": "image_url", "image_url": {}}), ["body", "messages", 0]),
    "an image without an image": (with_part({"type": "image_url"}), ["body", "messages", 0]),
    "a video without a video": (with_part({"type": "video_url"}), ["body", "messages", 0]),
    "a url that is no text": (with_part({"type": "image_url", "image_url": {"url": 7}}), ["body", "messages", 0]),
    "a list": ([], ["body"]),
    "the second message": (
        {"model": MODEL, "messages": [HELLO, {"role": "ghost", "content": "Boo."}]},
        ["body", "messages", 1],
    ),
}
# What no server of this kind takes, though these documents do not say so.
SENSELESS: dict[str, dict[str, Any]] = {
    "no messages at all": {"messages": []},
    "no choices": {"n": 0},
    "fewer tokens than none": {"max_completion_tokens": -1},
    "a limit in words": {"max_tokens": "many"},
    "streaming, perhaps": {"stream": "perhaps"},
    "an unknown format of responses": {"response_format": {"type": "poem"}},
    "a format without a type": {"response_format": {}},
    "a schema without a schema": {"response_format": {"type": "json_schema"}},
}


@documented("422 {error: validation_error, message: Request validation failed, details: [{loc, msg, type}]}")
@pytest.mark.parametrize(("body", "place"), WRONG.values(), ids=WRONG)
def test_what_fails_validation(chat: ChatClient, body: Any, place: list[str | int]) -> None:
    """An invalid body is 422 with the location and the message of each problem."""
    answer = chat.complete(body)
    places = errors.invalid(answer)
    assert any(found[: len(place)] == place for found in places), f"one of {places} begins with {place}"


@documented("chat completions are OpenAI-compatible")
def test_senseless_values(chat: ChatClient) -> None:
    """Numbers of choices, limits, formats and flags that make no sense are rejected."""
    for fields in SENSELESS.values():
        chat.ask(fields=fields).expect(400, 422)


@documented("bodies are JSON")
@pytest.mark.parametrize("raw", [b"", b"{", b"model=Qwen", b'{"model": "a" "messages": []}'])
def test_bodies_that_are_not_json(chat: ChatClient, raw: bytes) -> None:
    """An empty body and a body that is not JSON are rejected."""
    chat.http(
        "POST",
        f"{chat.prefix}/chat/completions",
        key=chat.key,
        content=raw,
        headers={"Content-Type": "application/json"},
    ).expect(400, 422)


@documented("ids of models are case-sensitive; unknown ones are refused")
@pytest.mark.parametrize("model", ["nobody/knows-this", MODEL.lower(), MODEL.partition("/")[2], f" {MODEL}"])
def test_unknown_models(chat: ChatClient, model: str) -> None:
    """An unknown model, or a known one in another spelling, is rejected."""
    chat.ask(model=model).expect(400, 404, 422)


@documented("401 comes before anything that is wrong with a body")
def test_keys_are_checked_first(chat: ChatClient) -> None:
    """Without a key the response is 401 even if the body is invalid."""
    answer = chat.complete({"messages": "wrong"}, key=None)
    hold("status", expected=401, seen=answer.status, exchange=answer)
