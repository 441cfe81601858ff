"""Generates JSON for a question: known values where a property's name asks for them."""

from collections.abc import Mapping
from typing import Any

from ovs_mock.engine.tokens import text_tokens
from ovs_mock.model.json_text import json_text
from ovs_mock.model.question import Question
from ovs_mock.model.schema_check import check_schema
from ovs_mock.model.schema_context import UnusableSchemaError, ValueHints
from ovs_mock.model.schema_values import valid_value
from ovs_mock.model.value_hints import generator_key, value_hints


def structured_text(question: Question, description: str, seed: int | None) -> str:
    """JSON that is valid against the question's schema, or an object with the description when it has none.

    Omits optional properties when they take more tokens than allowed. Raises NoValueError and UnusableSchemaError.
    """
    if question.schema is None:
        return json_text({"description": description})
    key, hints = generator_key(question, seed, question.schema), value_hints(question, description)
    text = json_text(value_for_schema(question.schema, key, hints))
    if question.max_output_tokens is not None and text_tokens(text) > question.max_output_tokens:
        return json_text(value_for_schema(question.schema, key, hints, sparse=True))
    return text


def value_for_schema(schema: Mapping[str, Any], key: str, hints: ValueHints, *, sparse: bool = False) -> Any:
    """A value that is valid against the schema. Raises NoValueError, and UnusableSchemaError for an invalid schema."""
    problem = check_schema(schema)
    if problem is not None:
        raise UnusableSchemaError(f"the schema cannot be followed: {problem}")
    return valid_value(schema, key, hints, sparse=sparse)
