"""Tool calls in v1beta."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ovs_contracts.client.chat import MODEL, ChatClient, text
from ovs_contracts.client.completion_chunks import CompletionChunks
from ovs_contracts.runner.marks import costs, documented, mock_only
from ovs_contracts.transport.exchange import Exchange, hold

PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {"place": {"type": "string"}, "unit": {"enum": ["celsius", "fahrenheit"]}},
    "required": ["place", "unit"],
}
WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": PARAMETERS}}
LAMP = {
    "type": "function",
    "function": {
        "name": "switch_lamp",
        "description": "Switch a lamp on or off.",
        "parameters": {"type": "object", "properties": {"on": {"type": "boolean"}}, "required": ["on"]},
    },
}
TOOLS: dict[str, Any] = {"tools": [WEATHER, LAMP]}
OSLO = text("How warm is it in Oslo, in celsius? Use get_weather.")
CALLED_WEATHER = {"type": "function", "function": {"name": "get_weather"}}


@documented("tools, tool_choice: message.tool_calls, finish_reason tool_calls; null when empty")
@costs(0.1)
def test_a_tool_must_be_called(v1beta: ChatClient) -> None:
    """With tool_choice required a tool is called with an id and valid arguments; the finish reason is tool_calls."""
    answer = v1beta.ask(OSLO, fields={"tools": [WEATHER], "tool_choice": "required"}).expect(200)
    hold("finish_reason", expected="tool_calls", seen=answer.json["choices"][0]["finish_reason"], exchange=answer)
    content = answer.json["choices"][0]["message"]["content"]
    hold("content that is empty is null", expected=True, seen=content is None or bool(content), exchange=answer)
    for call in _calls(answer):
        hold("keys of a call", expected={"id", "type", "function"}, seen=set(call), exchange=answer)
        named = (call["type"], call["function"]["name"], bool(call["id"]))
        hold("type, name, and an id", expected=("function", "get_weather", True), seen=named, exchange=answer)
        _are_arguments(call["function"]["arguments"], answer)
    assert answer.json["usage"]["completion_tokens"] > 0


@documented("tool_choice names a function")
@costs(0.1)
def test_a_certain_tool_must_be_called(v1beta: ChatClient) -> None:
    """With a tool_choice that names a function, that function is called."""
    fields = {**TOOLS, "tool_choice": {"type": "function", "function": {"name": "switch_lamp"}}}
    answer = v1beta.ask(OSLO, fields=fields).expect(200)
    hold("names", expected=["switch_lamp"], seen=[call["function"]["name"] for call in _calls(answer)], exchange=answer)


@documented("tool_choice none")
@costs(0.1)
def test_no_tool_may_be_called(v1beta: ChatClient) -> None:
    """With tool_choice none no tool is called."""
    answer = v1beta.ask(OSLO, fields={**TOOLS, "tool_choice": "none", "max_completion_tokens": 30}).expect(200)
    message = answer.json["choices"][0]["message"]
    hold("tool_calls", expected=None, seen=message["tool_calls"] or None, exchange=answer)
    assert message["content"]


@documented("parallel_tool_calls false: one at a time")
@costs(0.1)
def test_one_tool_at_a_time(v1beta: ChatClient) -> None:
    """With parallel_tool_calls false one tool is called, though the prompt asks for two."""
    both = text("Use get_weather for Oslo in celsius, and switch_lamp to switch the lamp on.")
    answer = v1beta.ask(both, fields={**TOOLS, "tool_choice": "required", "parallel_tool_calls": False}).expect(200)
    hold("calls", expected=1, seen=len(_calls(answer)), exchange=answer)


@documented("role tool")
@costs(0.1)
def test_tool_results_are_answered(v1beta: ChatClient) -> None:
    """A conversation with a tool call and its result is answered with text."""
    call = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"place": "Oslo"}'}}
    talk = [
        {"role": "user", "content": "How warm is it in Oslo?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "21 degrees"},
    ]
    answer = v1beta.complete({"model": MODEL, "messages": talk, **TOOLS}).expect(200)
    choice = answer.json["choices"][0]
    hold("finish_reason", expected="stop", seen=choice["finish_reason"], exchange=answer)
    assert choice["message"]["content"]


@mock_only("a model may leave tools alone, and say what it likes")
def test_tools_that_are_named_are_called(v1beta: ChatClient) -> None:
    """The mock's model calls the tools that the prompt names, and no others."""
    one = v1beta.ask(OSLO, fields=TOOLS).expect(200)
    hold("called", expected=["get_weather"], seen=[call["function"]["name"] for call in _calls(one)], exchange=one)
    both = v1beta.ask(text("switch_lamp, get_weather"), fields=TOOLS).expect(200)
    names = {call["function"]["name"] for call in _calls(both)}
    hold("called", expected={"get_weather", "switch_lamp"}, seen=names, exchange=both)
    hold("ids", expected=2, seen=len({call["id"] for call in _calls(both)}), exchange=both)
    none = v1beta.ask(text("Hello."), fields=TOOLS).expect(200)
    hold("finish_reason", expected="stop", seen=none.json["choices"][0]["finish_reason"], exchange=none)


@documented("a tool_choice of a function that is not among the tools")
@pytest.mark.parametrize(
    "fields",
    [
        {"tools": [LAMP], "tool_choice": CALLED_WEATHER},
        {"tool_choice": "required"},
        {"tools": [LAMP], "tool_choice": "perhaps"},
        {"tools": [{"type": "function"}]},
        {"tools": [{"type": "function", "function": {"parameters": {"type": "object"}}}]},
        {"tools": "get_weather"},
    ],
    ids=["an absent tool", "no tools", "perhaps", "no function", "no name", "no list"],
)
def test_invalid_tools(v1beta: ChatClient, fields: dict[str, Any]) -> None:
    """Tools without a name and a tool_choice that is not among the tools are rejected."""
    v1beta.ask(OSLO, fields=fields).expect(400, 422)


@documented("tools in event streams: deltas of tool_calls, finish_reason tool_calls")
@costs(0.1)
def test_a_streamed_tool_call(v1beta: ChatClient) -> None:
    """A streamed call begins with index, id, type and name, and its arguments add up to valid JSON."""
    asked = {"tools": [WEATHER], "tool_choice": "required", "stream": True}
    answer = v1beta.ask(OSLO, fields=asked)
    pieces = CompletionChunks(answer)
    hold("finish_reason", expected=["tool_calls"], seen=pieces.finish_reasons(), exchange=answer)
    calls = pieces.tool_calls()
    assert calls, "a tool is called"
    for call in calls:
        named = (call["type"], call["name"], bool(call["id"]))
        hold("type, name, and an id", expected=("function", "get_weather", True), seen=named, exchange=answer)
        _are_arguments(call["arguments"], answer)
    first = next(delta for choice in pieces.choices() for delta in choice["delta"].get("tool_calls") or ())
    missing = {"index", "id", "type", "function"} - set(first)
    hold("keys that the first piece of a call lacks", expected=set(), seen=missing, exchange=answer)


def _calls(answer: Exchange) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = answer.json["choices"][0]["message"]["tool_calls"] or []
    return calls


def _are_arguments(raw: str, answer: Exchange) -> None:
    try:
        problems = [error.message for error in Draft202012Validator(PARAMETERS).iter_errors(json.loads(raw))]
    except (TypeError, ValueError) as error:
        problems = [f"{error}: {raw!r}"]
    hold("what is wrong with the arguments", expected=[], seen=problems, exchange=answer)
