"""In a chat, the model says what it sees in each part, repeats what it is told, and keeps to JSON where it must."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ovs_mock.engine.conversation import JsonOutput, Link, Message, ResolvedFrames, Text, ToolCall
from ovs_mock.engine.inference import Answer, FailureKind, Inference, Usage
from ovs_mock.engine.tokens import text_tokens
from ovs_mock.model import ScriptedModel

Chat = Callable[..., Inference]
Show = Callable[..., ResolvedFrames]

COUNT = {"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["count"]}
CALLED = ToolCall("call_1", "get_weather", "{}")


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel(seed=1)


# What it sees


async def test_one_picture_is_described_as_everywhere(model: ScriptedModel, chat: Chat, shown: Show) -> None:
    assert await model.answer(chat("What is this?", shown("red", 12))) == Answer(
        text="1 frame #12, 640x480, red, stamp 12", finish_reason="stop", usage=Usage(completion_tokens=9)
    )


async def test_several_parts_are_described_one_by_one(model: ScriptedModel, chat: Chat, shown: Show) -> None:
    asked = chat("Compare", shown("red", 12), "with", shown("blue", 2, 5, 8, kind="video"))

    assert (await model.answer(asked)).text == (
        "image: 1 frame #12, 640x480, red, stamp 12; video: 3 frames #2 #5 #8, 640x480, blue, stamps 2 5 8"
    )


async def test_parts_of_several_streams_are_told_apart(model: ScriptedModel, chat: Chat, shown: Show) -> None:
    asked = chat("Compare", shown("red", 1, stream="front"), shown("red", 1, stream="back"))

    assert (await model.answer(asked)).text == (
        "image of front: 1 frame #1, 640x480, red, stamp 1; image of back: 1 frame #1, 640x480, red, stamp 1"
    )


async def test_all_messages_count(model: ScriptedModel, chat: Chat, shown: Show) -> None:
    before = Message(role="user", parts=(Text("What is this?"), shown("red", 1)))
    reply = Message(role="assistant", parts=(Text("It is red"),))

    assert (await model.answer(chat(before, reply, "And now?", shown("blue", 2)))).text == (
        "image: 1 frame #1, 640x480, red, stamp 1; image: 1 frame #2, 640x480, blue, stamp 2"
    )


async def test_a_picture_in_the_request_has_no_number(model: ScriptedModel, chat: Chat, shown: Show) -> None:
    inline = shown("green", -1, stream=None)

    assert (await model.answer(chat("Hm?", inline))).text == "image: 640x480, green"
    assert (await model.answer(chat("Hm?", inline, shown("red", 3)))).text == (
        "image: 640x480, green; image: 1 frame #3, 640x480, red, stamp 3"
    )


async def test_links_are_named_and_not_followed(model: ScriptedModel, chat: Chat, shown: Show) -> None:
    link = Link("https://example.com/cat.jpg", "image")

    assert (await model.answer(chat("Hm?", link))).text == "No frames; link https://example.com/cat.jpg not fetched"
    assert (await model.answer(chat("Hm?", shown("red", 3), link))).text == (
        "image: 1 frame #3, 640x480, red, stamp 3; link https://example.com/cat.jpg not fetched"
    )


async def test_a_long_link_is_shortened(model: ScriptedModel, chat: Chat) -> None:
    said = (await model.answer(chat(Link("https://example.com/" + "x" * 500, "video")))).text

    assert said.startswith("No frames; link https://example.com/xxx")
    assert said.endswith("... not fetched")
    assert len(said) < 120


# What it is told


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("Hello there", 'No frames. You said: "Hello there"'),
        ("  two\n lines ", 'No frames. You said: "two lines"'),
        ("a" * 100, f'No frames. You said: "{"a" * 77}..."'),
        ("", "No frames."),
    ],
)
async def test_without_frames_it_repeats_what_the_user_said(
    model: ScriptedModel, chat: Chat, said: str, reply: str
) -> None:
    assert (await model.answer(chat(said))).text == reply


def said_by_tool(text: str, call: str = "call_1") -> Message:
    return Message(role="tool", parts=(Text(text),), tool_call_id=call)


async def test_after_a_tool_it_says_what_the_tool_said(model: ScriptedModel, chat: Chat, shown: Show) -> None:
    calling = Message(role="assistant", parts=(), tool_calls=(CALLED,))

    answer = await model.answer(chat("Weather?", shown("red", 1), calling, said_by_tool("rain, 8 degrees")))

    assert (answer.text, answer.finish_reason) == ("The tool get_weather said: rain, 8 degrees", "stop")


async def test_after_several_tools_it_says_what_each_said(model: ScriptedModel, chat: Chat) -> None:
    calling = Message(role="assistant", parts=(), tool_calls=(CALLED, ToolCall("call_2", "get_time", "{}")))

    answer = await model.answer(chat("Hm?", calling, said_by_tool("rain"), said_by_tool("noon", "call_2")))

    assert answer.text == "The tool get_weather said: rain\nThe tool get_time said: noon"


async def test_a_tool_that_nobody_called_has_no_name(model: ScriptedModel, chat: Chat) -> None:
    assert (await model.answer(chat("Hm?", said_by_tool("rain", "call_9")))).text == "The tool said: rain"


async def test_once_the_user_speaks_again_the_tool_is_past(model: ScriptedModel, chat: Chat) -> None:
    assert (await model.answer(chat("Hm?", said_by_tool("rain"), "Thanks"))).text == 'No frames. You said: "Thanks"'


# JSON


async def test_without_a_schema_json_is_an_object_with_the_description(
    model: ScriptedModel, chat: Chat, shown: Show
) -> None:
    answer = await model.answer(chat("Hm?", shown("red", 12), output=JsonOutput()))

    assert json.loads(answer.text) == {"description": "1 frame #12, 640x480, red, stamp 12"}


async def test_with_a_schema_json_keeps_to_what_is_known(model: ScriptedModel, chat: Chat, shown: Show) -> None:
    schema = {
        "type": "object",
        "properties": {"colour": {"type": "string"}, "description": {"type": "string"}},
        "required": ["colour", "description"],
    }

    answer = await model.answer(chat("Hm?", shown("red", 12), output=JsonOutput(schema)))

    assert json.loads(answer.text) == {"colour": "red", "description": "1 frame #12, 640x480, red, stamp 12"}


async def test_choices_differ_where_they_are_made_up(model: ScriptedModel, chat: Chat) -> None:
    output = JsonOutput({"type": "string", "format": "uuid"})
    choices = [(await model.answer(chat("Hm?", output=output, choice=n))).text for n in range(3)]

    assert len(set(choices)) == 3
    assert choices == [
        (await ScriptedModel(seed=1).answer(chat("Hm?", output=output, choice=n))).text for n in range(3)
    ]


async def test_a_schema_that_is_none_makes_the_provider_refuse(model: ScriptedModel, chat: Chat) -> None:
    answer = await model.answer(chat("Hm?", output=JsonOutput({"type": "strnig"})))

    assert (answer.failure, answer.upstream_status, answer.finish_reason) == (FailureKind.UPSTREAM, 400, None)
    assert answer.error is not None
    assert answer.error.startswith("the schema cannot be followed: type: 'strnig'")


async def test_with_few_tokens_the_optional_goes_first(model: ScriptedModel, chat: Chat) -> None:
    long = {f"optional_{n}": {"type": "string", "minLength": 100} for n in range(8)}
    schema = {**COUNT, "properties": {"count": {"type": "integer"}, **long}}

    answer = await model.answer(chat("Hm?", output=JsonOutput(schema), max_output_tokens=10))

    assert json.loads(answer.text).keys() == {"count"}
    assert answer.finish_reason == "stop"


# Always

texts = st.text(max_size=300)


@given(said=texts, seed=st.integers())
async def test_json_is_always_an_object(chat: Chat, said: str, seed: int) -> None:
    answer = await ScriptedModel(seed).answer(chat(said, output=JsonOutput()))

    assert isinstance(json.loads(answer.text), dict)


outputs = st.sampled_from([None, JsonOutput(), JsonOutput(COUNT)])


@given(said=texts, result=st.none() | texts, output=outputs, limit=st.integers(0, 120))
async def test_it_never_says_more_than_it_may_and_says_when_it_stops_early(
    chat: Chat, said: str, result: str | None, output: JsonOutput | None, limit: int
) -> None:
    last = [] if result is None else [said_by_tool(result)]
    whole = await ScriptedModel().answer(chat(said, *last, output=output))
    cut = await ScriptedModel().answer(chat(said, *last, output=output, max_output_tokens=limit))

    assert cut.usage.completion_tokens == text_tokens(cut.text) <= limit
    assert whole.text.startswith(cut.text)
    assert cut.finish_reason == ("stop" if cut.text == whole.text else "length")


plain = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "integer", "boolean", "number", "null"])},
    optional={"description": st.text(max_size=10)},
)
schemas: st.SearchStrategy[dict[str, Any]] = st.recursive(
    plain,
    lambda inner: (
        st.builds(
            lambda properties, closed: {
                "type": "object",
                "properties": properties,
                "required": [name for name in properties if len(name) % 2],
                "additionalProperties": not closed,
            },
            st.dictionaries(st.text(max_size=8), inner, max_size=4),
            st.booleans(),
        )
        | st.builds(lambda items: {"type": "array", "items": items}, inner)
    ),
    max_leaves=6,
)


@given(schema=schemas, choice=st.integers(0, 7), seed=st.integers())
async def test_made_up_json_is_valid_and_the_same_each_time(
    chat: Chat, schema: dict[str, Any], choice: int, seed: int
) -> None:
    asked = chat("Hm?", output=JsonOutput(schema), choice=choice)
    answer = await ScriptedModel(seed).answer(asked)

    Draft202012Validator(schema).validate(json.loads(answer.text))
    assert await ScriptedModel(seed).answer(asked) == answer
