"""Tools in v1, whose documents mention only the finish reason tool_calls."""

import json

from ovs_contracts.client.chat import ChatClient, text
from ovs_contracts.client.completion_chunks import CompletionChunks
from ovs_contracts.runner.marks import mock_only
from ovs_contracts.transport.exchange import hold

PLACE = {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]}
WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": PLACE}}
MUST_CALL = {"tools": [WEATHER], "tool_choice": "required"}


@mock_only("v1's documents list the end tool_calls, and no tools")
def test_a_tool_is_called(v1: ChatClient) -> None:
    """With tool_choice required a tool is called, streamed or not, and the finish reason is tool_calls."""
    asked = text("How warm is it in Oslo?")
    whole = v1.ask(asked, fields=MUST_CALL).expect(200)
    choice = whole.json["choices"][0]
    hold("finish_reason", expected="tool_calls", seen=choice["finish_reason"], exchange=whole)
    hold("content beside a call", expected=None, seen=choice["message"]["content"], exchange=whole)
    (call,) = choice["message"]["tool_calls"]
    seen = (set(call), call.get("type"), call["function"]["name"])
    hold("a call", expected=({"id", "type", "function"}, "function", "get_weather"), seen=seen, exchange=whole)
    assert isinstance(json.loads(call["function"]["arguments"])["place"], str)
    streamed = v1.ask(asked, fields={**MUST_CALL, "stream": True})
    pieces = CompletionChunks(streamed)
    hold("ends", expected=["tool_calls"], seen=pieces.finish_reasons(), exchange=streamed)
    (call,) = pieces.tool_calls()
    assert isinstance(json.loads(call["arguments"])["place"], str)
