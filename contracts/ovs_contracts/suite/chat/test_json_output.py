"""``response_format``: completions that are JSON."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ovs_contracts.client.chat import ChatClient, text
from ovs_contracts.runner.marks import costs, documented
from ovs_contracts.transport.exchange import Deviation, Exchange, hold

SCHEMAS: dict[str, dict[str, Any]] = {
    "a plain object": {
        "type": "object",
        "properties": {"colour": {"type": "string"}, "count": {"type": "integer"}, "sure": {"type": "boolean"}},
        "required": ["colour", "count", "sure"],
        "additionalProperties": False,
    },
    "enums": {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "blue"]}, "level": {"type": "integer", "enum": [3, 5, 9]}},
        "required": ["colour", "level"],
    },
    "alternatives": {
        "type": "object",
        "properties": {
            "chat": {"anyOf": [{"type": "string", "enum": ["none"]}, {"type": "integer", "minimum": 10}]},
            "nullable": {"type": ["integer", "null"]},
        },
        "required": ["chat", "nullable"],
    },
    "definitions": {
        "$defs": {"point": {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]}},
        "type": "object",
        "properties": {"at": {"$ref": "#/$defs/point"}, "path": {"type": "array", "items": {"$ref": "#/$defs/point"}}},
        "required": ["at", "path"],
    },
    "nested objects": {
        "type": "object",
        "properties": {
            "outer": {
                "type": "object",
                "properties": {
                    "inner": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
                },
                "required": ["inner"],
            }
        },
        "required": ["outer"],
    },
    "nothing required": {"type": "object", "properties": {"note": {"type": "string"}}},
}


@documented("response_format json_object: the answer must be a JSON object")
@costs(0.1)
def test_any_object(chat: ChatClient) -> None:
    """With json_object the content is a JSON object."""
    words = text('Answer with a JSON object of this form: {"colour": "<a colour>", "count": <a number>}')
    answer = chat.ask(words, fields={"response_format": {"type": "json_object"}})
    hold("type of the answer", expected="dict", seen=type(_value(answer)).__name__, exchange=answer)


@documented("response_format json_schema, with enum, anyOf, type lists, $defs and $ref, nested, nothing required")
@costs(0.1)
@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_objects_by_a_schema(chat: ChatClient, schema: dict[str, Any]) -> None:
    """With json_schema the content is valid against the schema."""
    named = {"name": "answer", "strict": True, "schema": schema}
    _is_valid(_asked(chat, named), schema)


@documented("json_schema with or without strict")
@costs(0.1)
@pytest.mark.parametrize("more", [{}, {"strict": False}], ids=["absent", "false"])
def test_strict_may_be_left_out(chat: ChatClient, more: dict[str, Any]) -> None:
    """Without strict, or with false, the content is valid against the schema, too."""
    schema = SCHEMAS["enums"]
    _is_valid(_asked(chat, {"name": "answer", "schema": schema, **more}), schema)


@documented("response_format text: as without one")
@costs(0.05)
def test_text(chat: ChatClient) -> None:
    """With the format text the content is text."""
    answer = chat.ask(fields={"response_format": {"type": "text"}}).expect(200)
    assert answer.json["choices"][0]["message"]["content"]


def _asked(chat: ChatClient, schema: dict[str, Any]) -> Exchange:
    response_format = {"type": "json_schema", "json_schema": schema}
    return chat.ask(text("Fill in the form, with short values."), fields={"response_format": response_format})


def _value(answer: Exchange) -> Any:
    content = answer.expect(200).json["choices"][0]["message"]["content"]
    try:
        return json.loads(content)
    except (TypeError, ValueError):
        raise Deviation("the content is JSON", expected="JSON", seen=content, exchange=answer) from None


def _is_valid(answer: Exchange, schema: dict[str, Any]) -> None:
    problems = [error.message for error in Draft202012Validator(schema).iter_errors(_value(answer))]
    hold("what is not valid", expected=[], seen=problems, exchange=answer)
