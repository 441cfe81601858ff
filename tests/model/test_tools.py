"""Which tools the model calls by itself, and with which arguments."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ovs_mock.engine.conversation import Message, Text, Tool, ToolChoice
from ovs_mock.engine.inference import Answer, FailureKind, Inference
from ovs_mock.engine.tokens import text_tokens
from ovs_mock.model import Reply, ScriptedModel

Chat = Callable[..., Inference]

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = (Tool("get_weather", CITY), Tool("get_time", {}))
REQUIRED = ToolChoice("required")


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel(seed=1)


async def ids_of(model: ScriptedModel, asked: Inference) -> list[str]:
    return [call.id for call in (await model.answer(asked)).tool_calls]


def names(answer: Answer) -> list[str]:
    return [call.name for call in answer.tool_calls]


@pytest.mark.parametrize(
    ("choice", "said", "called"),
    [
        (ToolChoice("none"), "get_weather", []),
        (ToolChoice("auto"), "Is it raining?", []),
        (ToolChoice("auto"), "Use get_time, please", ["get_time"]),
        (ToolChoice("auto"), "GET_TIME!", ["get_time"]),
        (ToolChoice("auto"), "get_times", []),
        (ToolChoice("auto"), "get_time and get_weather", ["get_weather", "get_time"]),
        (REQUIRED, "Is it raining?", ["get_weather"]),
        (REQUIRED, "get_time", ["get_time"]),
        (REQUIRED, "get_time and get_weather", ["get_weather", "get_time"]),
        (ToolChoice("required", "get_time"), "get_weather", ["get_time"]),
    ],
)
async def test_tools_are_called_by_rule(
    model: ScriptedModel, chat: Chat, choice: ToolChoice, said: str, called: list[str]
) -> None:
    answer = await model.answer(chat(said, tools=TOOLS, tool_choice=choice))

    assert names(answer) == called
    assert answer.finish_reason == ("tool_calls" if called else "stop")
    assert bool(answer.text) is not bool(called)


async def test_one_at_a_time_where_they_may_not_be_called_in_parallel(model: ScriptedModel, chat: Chat) -> None:
    asked = chat("get_time and get_weather", tools=TOOLS, tool_choice=REQUIRED, parallel_tool_calls=False)

    assert names(await model.answer(asked)) == ["get_weather"]


async def test_what_a_tool_said_is_answered_and_the_tool_not_called_again(model: ScriptedModel, chat: Chat) -> None:
    result = Message(role="tool", parts=(Text("noon"),), tool_call_id="call_1")

    answer = await model.answer(chat("get_time", result, tools=TOOLS))

    assert (answer.text, answer.tool_calls) == ("The tool said: noon", ())
    assert names(await model.answer(chat("get_time", result, tools=TOOLS, tool_choice=REQUIRED))) == ["get_time"]


async def test_tools_have_no_effect_unless_there_are_some(model: ScriptedModel, chat: Chat) -> None:
    assert (await model.answer(chat("Hm?", tool_choice=REQUIRED))).text == 'No frames. You said: "Hm?"'


async def test_arguments_are_an_object_even_where_the_tool_says_nothing(model: ScriptedModel, chat: Chat) -> None:
    (call,) = (await model.answer(chat("get_time", tools=TOOLS))).tool_calls

    assert call.arguments == "{}"


async def test_calls_have_ids_that_tell_them_apart(model: ScriptedModel, chat: Chat) -> None:
    tools = (Tool("get_time", {}), Tool("get_date", {}))
    asked = chat("get_time get_date", tools=tools)
    ids = [call.id for call in (await model.answer(asked)).tool_calls]
    others = [
        call.id for n in (1, 2) for call in (await model.answer(chat("get_time", tools=tools, choice=n))).tool_calls
    ]

    assert all(id_.startswith("call_") for id_ in ids)
    assert len({*ids, *others}) == 4
    assert [call.id for call in (await model.answer(asked)).tool_calls] == ids


async def test_a_query_is_what_the_user_said(model: ScriptedModel, chat: Chat) -> None:
    schema = {"type": "object", "properties": {"search_query": {"type": "string"}}, "required": ["search_query"]}

    (call,) = (await model.answer(chat("Find cats", tools=(Tool("f", schema),), tool_choice=REQUIRED))).tool_calls

    assert json.loads(call.arguments) == {"search_query": "Find cats"}


@pytest.mark.parametrize(
    ("parameters", "failure", "status"),
    [
        ({"type": "objcet"}, FailureKind.UPSTREAM, 400),
        ({"type": "string"}, FailureKind.MODEL, None),
        ({"const": 3}, FailureKind.MODEL, None),
    ],
)
async def test_parameters_that_no_object_follows_make_an_error(
    model: ScriptedModel, chat: Chat, parameters: dict[str, Any], failure: FailureKind, status: int | None
) -> None:
    answer = await model.answer(chat("Hm?", tools=(Tool("f", parameters),), tool_choice=REQUIRED))

    assert (answer.ok, answer.tool_calls) == (False, ())
    assert (answer.failure, answer.upstream_status, answer.finish_reason) == (failure, status, None)


# Scripted


async def test_a_script_calls_tools_with_its_own_arguments(model: ScriptedModel, chat: Chat) -> None:
    model.reply(Reply(tool_calls=[("get_weather", {"city": "Oslo"}), ("get_time", "{broken")]))

    answer = await model.answer(chat("Hm?", tools=TOOLS))

    assert [(call.name, call.arguments) for call in answer.tool_calls] == [
        ("get_weather", '{"city":"Oslo"}'),
        ("get_time", "{broken"),
    ]
    assert (answer.text, answer.finish_reason, answer.usage.completion_tokens) == ("", "tool_calls", 4 + 2)


async def test_a_script_may_leave_the_arguments_to_the_model(model: ScriptedModel, chat: Chat) -> None:
    model.reply(Reply("One moment", tool_calls=["get_weather", "unknown"]))

    answer = await model.answer(chat("Hm?", tools=TOOLS))

    assert json.loads(answer.tool_calls[0].arguments).keys() == {"city"}
    assert answer.tool_calls[1].arguments == "{}"
    assert (answer.text, answer.finish_reason) == ("One moment", "tool_calls")


async def test_only_chats_call_tools(model: ScriptedModel, chat: Chat) -> None:
    model.reply(Reply(tool_calls=["get_time"]))

    with pytest.raises(ValueError, match=r"this is a clip: script these with when\(mode='chat'\)"):
        await model.answer(replace(chat("Hm?"), mode="clip", conversation=None))


# Always

properties = st.dictionaries(
    st.text(max_size=8),
    st.sampled_from(
        [
            {"type": "string"},
            {"type": "integer", "minimum": 3},
            {"enum": ["a", 2, None]},
            {"type": ["null", "boolean"]},
            {"$ref": "#/$defs/box"},
            {},
        ]
    ),
    max_size=5,
)
parameters_of_tools = st.builds(
    lambda properties, required, rest: {
        "$defs": {"box": {"type": "array", "items": {"type": "number"}, "maxItems": 4}},
        "properties": properties,
        "required": [name for name in properties if name in required],
        **rest,
    },
    properties,
    st.sets(st.text(max_size=8)),
    st.sampled_from([{}, {"type": "object"}, {"type": ["object", "null"]}, {"additionalProperties": False}]),
)


@given(parameters=parameters_of_tools, seed=st.integers(), choice=st.integers(0, 3))
async def test_arguments_are_valid_and_the_same_each_time(
    chat: Chat, parameters: dict[str, Any], seed: int, choice: int
) -> None:
    asked = chat("Hm?", tools=(Tool("f", parameters),), tool_choice=REQUIRED, choice=choice)
    answer = await ScriptedModel(seed).answer(asked)

    (call,) = answer.tool_calls
    arguments = json.loads(call.arguments)
    assert isinstance(arguments, dict)
    Draft202012Validator(parameters).validate(arguments)
    assert await ScriptedModel(seed).answer(asked) == answer


@given(limit=st.integers(0, 40), words=st.integers(0, 60))
async def test_calls_stay_within_the_limit_after_the_text(chat: Chat, limit: int, words: int) -> None:
    model = ScriptedModel()
    model.reply(Reply("x" * words, tool_calls=[("a", {"city": "Oslo"}), ("b", {"city": "Bergen"})]))
    whole = await model.answer(chat("Hm?"))
    cut = await model.answer(chat("Hm?", max_output_tokens=limit))

    kept = [call.arguments for call in cut.tool_calls]
    assert cut.usage.completion_tokens == text_tokens(cut.text) + sum(map(text_tokens, kept)) <= limit
    assert all(all_.arguments.startswith(part) for all_, part in zip(whole.tool_calls, kept, strict=False))
    assert cut.finish_reason == ("tool_calls" if cut == whole else "length")


async def test_optional_arguments_are_left_out_where_there_are_few_tokens(chat: Chat) -> None:
    schema = {"type": "object", "properties": {f"p{n}": {"type": "string", "minLength": 50} for n in range(8)}}
    asked = chat("Hm?", tools=(Tool("f", schema),), tool_choice=REQUIRED, max_output_tokens=5)

    answer = await ScriptedModel().answer(asked)

    assert (answer.tool_calls[0].arguments, answer.finish_reason) == ("{}", "tool_calls")
