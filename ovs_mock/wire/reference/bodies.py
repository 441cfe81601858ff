"""Schemas of request bodies, from the very models that validate them. Pure."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from ovs_mock.wire.reference.operation import Schema
from ovs_mock.wire.reference.rules import ALSO_TEXT, CONDITIONS, PATTERNS, RULES
from ovs_mock.wire.reference.shape import REF


def body_schemas(models: Iterable[type[BaseModel]]) -> dict[str, Schema]:
    """The schema of each model and of all that they contain, by name."""
    _, schema = models_json_schema([(model, "validation") for model in models], ref_template=REF + "{model}")
    return {name: _completed(name, found) for name, found in schema.get("$defs", {}).items()}


def _completed(model: str, schema: Schema) -> Schema:
    """With what validators do, of which pydantic's schemas say nothing."""
    fields = {name: _field(f"{model}.{name}", field) for name, field in schema.get("properties", {}).items()}
    return _with_rule(model, {**schema, **CONDITIONS.get(model, {}), "properties": fields})


def _field(place: str, schema: Schema) -> Schema:
    schema = {key: value for key, value in schema.items() if key != "title"}
    if place in ALSO_TEXT:
        schema = _or_text(schema, ALSO_TEXT[place])
    if place in PATTERNS:
        schema = {**schema, "pattern": PATTERNS[place]}
    return _with_rule(place, schema)


def _or_text(schema: Schema, min_length: int) -> Schema:
    also: dict[str, Any] = {"type": "string", **({"minLength": min_length} if min_length else {})}
    if "anyOf" in schema:
        return {**schema, "anyOf": [also, *schema["anyOf"]]}
    return {"anyOf": [schema, also]}


def _with_rule(place: str, schema: Schema) -> Schema:
    """A rule takes the place of the model's docstring, which speaks to whoever reads the code."""
    description = RULES.get(place, schema.get("description", "").replace("``", "`"))
    return {**schema, "description": description} if description else schema
