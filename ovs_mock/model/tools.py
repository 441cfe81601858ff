"""The tools that the model calls by default, and their arguments.

- ``none``: none. A named tool: that one.
- ``required``: those that the user's last text names, else the first.
- ``auto``: those that the user's last text names, if the last message is the user's; a tool's message gets a text.

A name counts as a whole word, in any case. Without parallel calls, only the first tool is called.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ovs_mock.engine.conversation import ToolCall
from ovs_mock.engine.tokens import text_tokens
from ovs_mock.model.json_text import json_text
from ovs_mock.model.question import Question
from ovs_mock.model.schema_context import NoValueError
from ovs_mock.model.scripted_tool_calls import ScriptedToolCall
from ovs_mock.model.seeded_choice import SeededChoice
from ovs_mock.model.value_hints import generator_key, value_hints


def tools_to_call(question: Question) -> tuple[ScriptedToolCall, ...]:
    """The calls that the model makes by default, without arguments."""
    choice = question.tool_choice
    if choice.mode == "none":
        return ()
    if choice.name is not None:
        return (ScriptedToolCall(choice.name),)
    user_is_last = bool(question.messages) and question.messages[-1].role == "user"
    names = [tool.name for tool in question.tools]
    named = (
        [name for name in names if _mentions(question.prompt, name)] if user_is_last or choice.mode != "auto" else []
    )
    chosen = named or (names[:1] if choice.mode == "required" else [])
    return tuple(ScriptedToolCall(name) for name in chosen[: None if question.parallel_tool_calls else 1])


def complete_calls(
    scripted: tuple[ScriptedToolCall, ...], question: Question, description: str, seed: int | None
) -> list[ToolCall]:
    """The calls with ids and arguments. Generated arguments are valid, and minimal when few tokens are allowed.

    Raises NoValueError and UnusableSchemaError.
    """
    calls = _complete_calls(scripted, question, description, seed, sparse=False)
    limit = question.max_output_tokens
    if limit is not None and sum(text_tokens(call.arguments) for call in calls) > limit:
        return _complete_calls(scripted, question, description, seed, sparse=True)
    return calls


def _complete_calls(
    scripted: tuple[ScriptedToolCall, ...], question: Question, description: str, seed: int | None, *, sparse: bool
) -> list[ToolCall]:
    calls: list[ToolCall] = []
    for number, call in enumerate(scripted):
        key = generator_key(question, seed, "tool", call.name, number, len(question.messages))
        arguments = call.arguments
        if arguments is None:
            arguments = _arguments(call.name, question, description, key, sparse=sparse)
        calls.append(ToolCall(f"call_{SeededChoice(key).at(arguments).hexadecimal(24)}", call.name, arguments))
    return calls


def _arguments(name: str, question: Question, description: str, key: str, *, sparse: bool) -> str:
    from ovs_mock.model.structured import value_for_schema

    parameters = next((tool.parameters for tool in question.tools if tool.name == name), {})
    hints = value_hints(question, description, query=question.prompt)
    with suppress(NoValueError):
        arguments = value_for_schema(_objects_only(parameters), key, hints, sparse=sparse)
        if isinstance(arguments, dict):
            return json_text(arguments)
    raise NoValueError(f"no arguments were found that are valid against the parameters of the tool {name}")


def _objects_only(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema restricted to objects, because arguments are an object."""
    types = parameters.get("type", [])
    only = not types or (isinstance(types, list) and "object" in types)
    return {**parameters, "type": "object"} if only else parameters


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None
