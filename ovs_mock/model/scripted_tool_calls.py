"""What may stand for a call of a tool in a scripted reply."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ovs_mock.model.json_text import json_text, shown

GivenCall: TypeAlias = str | tuple[str, Mapping[str, Any] | str]
"""The name of a tool, to be called with arguments that are made up; or its name and its arguments.

Arguments are a dict, or text that is sent as it is, be it JSON or not.
"""


@dataclass(frozen=True, slots=True)
class ScriptedToolCall:
    """A call of a tool. Without ``arguments``, which are JSON text, they are to be made up."""

    name: str
    arguments: str | None = None


def wanted_call(given: object) -> ScriptedToolCall:
    """The call that ``given`` stands for. TypeError when it can be none, ValueError when it cannot be sent."""
    match given:
        case str(name):
            return ScriptedToolCall(_named(name))
        case (str(name), str(text)):
            return ScriptedToolCall(_named(name), text)
        case (str(name), Mapping() as arguments):
            return ScriptedToolCall(_named(name), json_text(dict(arguments)))
    raise TypeError(
        f"{shown(given)} is no call of a tool: give its name, or its name and its arguments,"
        ' such as ("get_weather", {"city": "Oslo"})'
    )


def _named(name: str) -> str:
    if not name:
        raise ValueError("a call of a tool needs the tool's name")
    return name
