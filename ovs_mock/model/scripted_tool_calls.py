"""The tool calls of a scripted reply."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ovs_mock.model.json_text import describe_value, json_text

ToolCallValue: TypeAlias = str | tuple[str, Mapping[str, Any] | str]
"""The name of a tool, for arguments that the model generates; or its name and its arguments.

Arguments are a dict, or text that is sent as it is, whether it is JSON or not.
"""


@dataclass(frozen=True, slots=True)
class ScriptedToolCall:
    """A call of a tool. ``arguments`` is JSON text; ``None`` lets the model generate them."""

    name: str
    arguments: str | None = None


def as_tool_call(value: object) -> ScriptedToolCall:
    """The call that ``value`` stands for. TypeError when it stands for none, ValueError when it cannot be sent."""
    match value:
        case str(name):
            return ScriptedToolCall(_checked_name(name))
        case (str(name), str(text)):
            return ScriptedToolCall(_checked_name(name), text)
        case (str(name), Mapping() as arguments):
            return ScriptedToolCall(_checked_name(name), json_text(dict(arguments)))
    raise TypeError(
        f"{describe_value(value)} is no call of a tool: give its name, or its name and its arguments,"
        ' such as ("get_weather", {"city": "Oslo"})'
    )


def _checked_name(name: str) -> str:
    if not name:
        raise ValueError("a call of a tool needs the tool's name")
    return name
