"""JSON that the model makes up: honest where a property asks for what is known."""

from collections.abc import Mapping
from typing import Any

from ovs_mock.engine.tokens import text_tokens
from ovs_mock.model.facts import hints_of, key_of
from ovs_mock.model.json_text import json_text
from ovs_mock.model.question import Question
from ovs_mock.model.schema_check import check_schema
from ovs_mock.model.schema_context import UnusableSchemaError, ValueHints
from ovs_mock.model.schema_values import valid_value


def structured_text(question: Question, description: str, seed: int | None) -> str:
    """JSON that is valid against the question's schema, or an object with the description when it has none.

    Optional properties are left out when there are too few tokens for them. Raises NoValueError and
    UnusableSchemaError.
    """
    if question.schema is None:
        return json_text({"description": description})
    key, hints = key_of(question, seed, question.schema), hints_of(question, description)
    text = json_text(followed(question.schema, key, hints))
    if question.max_output_tokens is not None and text_tokens(text) > question.max_output_tokens:
        return json_text(followed(question.schema, key, hints, sparse=True))
    return text


def followed(schema: Mapping[str, Any], key: str, hints: ValueHints, *, sparse: bool = False) -> Any:
    """A value that is valid against the schema, which may turn out to be none."""
    problem = check_schema(schema)
    if problem is not None:
        raise UnusableSchemaError(f"the schema cannot be followed: {problem}")
    return valid_value(schema, key, hints, sparse=sparse)
