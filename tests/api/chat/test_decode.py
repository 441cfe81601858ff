"""Bodies of chats: from JSON to the command."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ovs_support.chat import MODEL, NOBODYS, asking, frame_url, segment_url
from ovs_support.pictures import data_url, encoded

from ovs_mock.api.chat.bodies import MAX_DEPTH, parse
from ovs_mock.api.chat.decode import ChatRequest, ask_chat
from ovs_mock.api.errors import InvalidBodyError, OvsUrlError, QueryParamError
from ovs_mock.engine.commands import AskChat
from ovs_mock.engine.conversation import Inline, JsonOutput, Link, StreamFrame, StreamSegment, Text, Tool, ToolChoice
from ovs_mock.engine.references import AtIndex, Evicted, FrameReference


def asked(body: Any) -> ChatRequest:
    return ask_chat("ovs-key", body, evicted=Evicted.CLAMP, rate_limited=False, region=None)


def command(*parts: Any, **changes: Any) -> AskChat:
    return asked(asking(*parts, **changes)).command


def problems(body: Any) -> list[Any]:
    with pytest.raises(InvalidBodyError) as invalid:
        asked(body)
    return [detail["loc"] for detail in invalid.value.details]


def test_left_out_fields_have_defaults() -> None:
    chat = asked({"model": MODEL, "messages": [{"role": "user", "content": "hi"}]})
    assert (chat.streamed, chat.include_usage) == (False, False)
    assert chat.command == AskChat(
        key="ovs-key",
        model=MODEL,
        messages=chat.command.messages,
        evicted=Evicted.CLAMP,
        rate_limited=False,
    )
    (message,) = chat.command.messages
    assert (message.role, message.parts) == ("user", (Text("hi"),))


def test_null_is_the_same_as_nothing() -> None:
    names = ("n", "max_tokens", "temperature", "response_format", "tools", "tool_choice", "stream", "stream_options")
    assert asked(asking("hi", **dict.fromkeys(names))) == asked(asking("hi"))


def test_unknown_fields_mean_nothing() -> None:
    assert command("hi", top_k=4, chat_template_kwargs={"x": [None]}, seed=1, user="me") == command("hi")


def test_parts_keep_their_order_and_kind() -> None:
    picture = {"type": "image_url", "image_url": data_url(encoded("png"))}
    web = {"type": "image_url", "image_url": {"url": "https://a/b.png", "detail": "low"}}
    film = {"type": "video_url", "video_url": "https://a/b.mp4"}
    parts = command("look", frame_url(NOBODYS), segment_url(NOBODYS), picture, web, film).messages[0].parts
    assert [type(part) for part in parts] == [Text, StreamFrame, StreamSegment, Inline, Link, Link]
    assert parts[1] == StreamFrame(NOBODYS, FrameReference(AtIndex(-1)))
    assert parts[4:] == (Link("https://a/b.png", "image"), Link("https://a/b.mp4", "video"))


def test_a_whole_conversation_with_tools() -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": '{"at":1}'}}
    chat = asked(
        {
            "model": MODEL,
            "messages": [
                {"role": "developer", "content": "be brief"},
                {"role": "user", "content": "look"},
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "content": "a dog", "tool_call_id": "call_1"},
            ],
            "tools": [{"type": "function", "function": {"name": "look", "description": "Looks."}}],
        }
    ).command
    _, _, assistant, tool = chat.messages
    assert (assistant.parts, assistant.tool_calls[0].arguments) == ((), '{"at":1}')
    assert (tool.role, tool.tool_call_id) == ("tool", "call_1")
    assert chat.tools == (Tool("look", {"type": "object", "properties": {}}, "Looks."),)


@pytest.mark.parametrize(
    ("given", "choice"),
    [
        ("none", ToolChoice("none")),
        ("auto", ToolChoice("auto")),
        (None, ToolChoice("auto")),
        ("required", ToolChoice("required")),
        ({"type": "function", "function": {"name": "look"}}, ToolChoice("required", "look")),
    ],
)
def test_tool_choices(given: Any, choice: ToolChoice) -> None:
    tools = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
    assert command("hi", tools=tools, tool_choice=given, parallel_tool_calls=False).tool_choice == choice


@pytest.mark.parametrize(
    ("given", "output"),
    [
        ({"type": "text"}, None),
        ({"type": "json_object"}, JsonOutput(None)),
        ({"type": "json_schema", "json_schema": {"name": "x"}}, JsonOutput(None)),
        (
            {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": {"type": "object"}}},
            JsonOutput({"type": "object"}),
        ),
    ],
)
def test_response_formats(given: Any, output: JsonOutput | None) -> None:
    assert command("hi", response_format=given).output == output


def test_the_newer_name_of_the_token_limit_comes_first() -> None:
    assert command("hi", max_tokens=5).max_output_tokens == 5
    assert command("hi", max_tokens=5, max_completion_tokens=7).max_output_tokens == 7


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"model": ""}, ["body", "model"]),
        ({"messages": []}, ["body", "messages"]),
        ({"messages": [{"role": "robot", "content": "x"}]}, ["body", "messages", 0, "role"]),
        ({"messages": [{"role": "user"}]}, ["body", "messages", 0]),
        ({"messages": [{"role": "user", "content": 1}]}, ["body", "messages", 0, "content"]),
        ({"messages": [{"role": "user", "content": [{"type": "sound"}]}]}, ["body", "messages", 0, "content", 0]),
        ({"n": 0}, ["body", "n"]),
        ({"n": 129}, ["body", "n"]),
        ({"max_tokens": 0}, ["body", "max_tokens"]),
        ({"temperature": -0.1}, ["body", "temperature"]),
        ({"stream": "perhaps"}, ["body", "stream"]),
        ({"response_format": {"type": "xml"}}, ["body", "response_format", "type"]),
        ({"response_format": {"type": "json_schema"}}, ["body", "response_format"]),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "nonsense"}}}},
            ["body", "response_format", "json_schema", "schema"],
        ),
        (
            {"tools": [{"function": {"name": "x", "parameters": {"type": 1}}}]},
            ["body", "tools", 0, "function", "parameters"],
        ),
        ({"tool_choice": "required"}, ["body"]),
        ({"tool_choice": {"type": "function", "function": {"name": "x"}}}, ["body"]),
    ],
)
def test_its_limits(changes: Any, place: list[Any]) -> None:
    assert problems(asking("hi", **changes)) == [place]


def test_the_error_of_a_bad_url_has_its_location() -> None:
    with pytest.raises(QueryParamError) as refused:
        asked(asking("hi", segment_url(NOBODYS, "start_offset_ms=x")))
    assert refused.value.loc == ("messages", 0, "content", 1, "video_url", "url")


def test_the_error_of_a_bad_picture_has_its_location() -> None:
    part = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    assert problems(asking(part)) == [["body", "messages", 0, "content", 0, "image_url", "url"]]


keys = ["model", "messages", "role", "content", "type", "image_url", "url", "tools", "function", "name", "parameters"]
keys += ["response_format", "json_schema", "schema", "tool_choice", "stream_options", "n", "text", "user"]
some_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(keys) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(keys), inner, max_size=4),
    max_leaves=12,
)


@given(some_json, st.dictionaries(st.sampled_from(keys), some_json))
def test_any_json_is_a_command_or_a_list_of_problems(value: Any, changes: dict[str, Any]) -> None:
    for body in (value, asking("hi", **changes), asking(value)):
        try:
            assert asked(body).command.messages
        except InvalidBodyError as invalid:
            assert invalid.details
            json.dumps(invalid.details)
        except OvsUrlError as refused:
            assert refused.loc


@given(st.binary())
def test_any_bytes_are_json_or_fail_validation(raw: bytes) -> None:
    try:
        parse(raw)
    except InvalidBodyError as invalid:
        assert invalid.details[0]["type"] == "json_invalid"


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"\xff",
        b'{"a": 1} x',
        b"[" * 100_000,
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b'{"n": NaN}',
        b'{"n": -Infinity}',
        b'{"n": 1e999}',
        b"1" * 5_000,
    ],
)
def test_what_is_no_json_fails_validation(raw: bytes) -> None:
    with pytest.raises(InvalidBodyError) as invalid:
        parse(raw)
    (detail,) = invalid.value.details
    assert (detail["loc"][0], detail["type"]) == ("body", "json_invalid")


def test_an_empty_body_is_an_empty_object() -> None:
    assert parse(b" ") == {}
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
