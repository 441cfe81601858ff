"""A schema that cannot be followed is refused with the reason."""

from typing import Any

import pytest

from ovs_mock.model import check_schema

DRAFT7 = "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object", "properties": {"a": {"type": ["string", "null"]}}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"type": "integer"}}},
        {"$ref": "#a", "$defs": {"a": {"$anchor": "a"}}},
        {"$schema": DRAFT7, "$ref": "#/definitions/a", "definitions": {"a": {}}},
        {"$id": "https://example.com/root", "$ref": "inner", "$defs": {"a": {"$id": "inner"}}},
        {"$ref": "https://json-schema.org/draft/2020-12/schema"},
        {"properties": {"$ref": {"type": "string"}}},
        {"const": {"$ref": "#/nowhere"}},
        {"$ref": "#"},
    ],
)
def test_a_schema_that_is_one_passes(schema: dict[str, Any]) -> None:
    assert check_schema(schema) is None


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ([], "a JSON Schema is an object, not list"),
        (None, "a JSON Schema is an object, not NoneType"),
        ({"type": "strin"}, "type: 'strin' is not valid"),
        ({"properties": {"a": {"minLength": -1}}}, "properties/a/minLength: -1 is less than the minimum of 0"),
        ({"pattern": "["}, "pattern: '[' is not a 'regex'"),
        ({"required": "a"}, "required: 'a' is not of type 'array'"),
        ({"$ref": "#/$defs/a"}, "$ref: '#/$defs/a' leads nowhere"),
        ({"items": {"anyOf": [{"$ref": "#nowhere"}]}}, "$ref: '#nowhere' leads nowhere"),
        ({"$ref": "https://example.com/schema"}, "nothing is fetched"),
        ({"$schema": "https://example.com/dialect"}, "'https://example.com/dialect' is no dialect"),
        ({"$schema": 7}, "7 is no dialect"),
    ],
)
def test_a_schema_that_is_none_is_refused_with_the_place_and_the_reason(schema: Any, message: str) -> None:
    assert message in (check_schema(schema) or "")
