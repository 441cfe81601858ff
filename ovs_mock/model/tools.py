"""Which tools the model calls by itself, and with which arguments.

- ``none``: none. A tool that is named: that one.
- ``required``: those that the user's last text names, else the first.
- ``auto``: those that the user's last text names, and only when the user spoke last: what a tool said is answered.

A name counts as a whole word, in any case. Of several, only the first is called when calls in parallel are not allowed.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ovs_mock.engine.conversation import ToolCall
from ovs_mock.engine.tokens import text_tokens
from ovs_mock.model.facts import hints_of, key_of
from ovs_mock.model.json_text import json_text
from ovs_mock.model.question import Question
from ovs_mock.model.schema_context import NoValueError
from ovs_mock.model.scripted_tool_calls import ScriptedToolCall
from ovs_mock.model.seeded_choice import SeededChoice


def wanted_tools(question: Question) -> tuple[ScriptedToolCall, ...]:
    """The tools that the model calls by itself, with arguments still to be made up."""
    choice = question.tool_choice
    if choice.mode == "none":
        return ()
    if choice.name is not None:
        return (ScriptedToolCall(choice.name),)
    spoken_to = bool(question.messages) and question.messages[-1].role == "user"
    names = [tool.name for tool in question.tools]
    named = [name for name in names if _mentions(question.prompt, name)] if spoken_to or choice.mode != "auto" else []
    chosen = named or (names[:1] if choice.mode == "required" else [])
    return tuple(ScriptedToolCall(name) for name in chosen[: None if question.parallel_tool_calls else 1])


def completed(
    wanted: tuple[ScriptedToolCall, ...], question: Question, description: str, seed: int | None
) -> list[ToolCall]:
    """The calls with ids and arguments. Those made up are valid, and with few tokens as short as may be.

    Raises NoValueError and UnusableSchemaError.
    """
    calls = _completed(wanted, question, description, seed, sparse=False)
    limit = question.max_output_tokens
    if limit is not None and sum(text_tokens(call.arguments) for call in calls) > limit:
        return _completed(wanted, question, description, seed, sparse=True)
    return calls


def _completed(
    wanted: tuple[ScriptedToolCall, ...], question: Question, description: str, seed: int | None, *, sparse: bool
) -> list[ToolCall]:
    calls: list[ToolCall] = []
    for number, call in enumerate(wanted):
        key = key_of(question, seed, "tool", call.name, number, len(question.messages))
        arguments = call.arguments
        if arguments is None:
            arguments = _arguments(call.name, question, description, key, sparse=sparse)
        calls.append(ToolCall(f"call_{SeededChoice(key).at(arguments).hexadecimal(24)}", call.name, arguments))
    return calls


def _arguments(name: str, question: Question, description: str, key: str, *, sparse: bool) -> str:
    from ovs_mock.model.structured import followed

    parameters = next((tool.parameters for tool in question.tools if tool.name == name), {})
    hints = hints_of(question, description, query=question.prompt)
    with suppress(NoValueError):
        arguments = followed(_of_objects(parameters), key, hints, sparse=sparse)
        if isinstance(arguments, dict):
            return json_text(arguments)
    raise NoValueError(f"no arguments were found that are valid against the parameters of the tool {name}")


def _of_objects(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema for objects only, as arguments are one whatever else it allows."""
    types = parameters.get("type", [])
    only = not types or (isinstance(types, list) and "object" in types)
    return {**parameters, "type": "object"} if only else parameters


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None
