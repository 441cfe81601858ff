"""Made-up values are valid against their schema, and the same each time."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema.validators import validator_for

from ovs_mock.model.schema_check import check_schema
from ovs_mock.model.schema_context import NoValueError, ValueHints
from ovs_mock.model.schema_values import valid_value

FORMATS = ("date-time", "date", "time", "email", "uri", "uuid", "ipv4", "ipv6", "hostname", "duration", "regex")

Schema = dict[str, Any]

DETECTIONS: Schema = {
    "$defs": {
        "box": {"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 1}, "minItems": 4, "maxItems": 4},
        "detection": {
            "type": "object",
            "properties": {
                "label": {"enum": ["person", "car", "dog"]},
                "confidence": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
                "box": {"$ref": "#/$defs/box"},
                "track": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None},
            },
            "required": ["label", "confidence", "box"],
            "additionalProperties": False,
        },
    },
    "type": "object",
    "properties": {"detections": {"type": "array", "items": {"$ref": "#/$defs/detection"}, "maxItems": 5}},
    "required": ["detections"],
}

REAL: dict[str, Schema] = {
    "anything": {},
    "detections": DETECTIONS,
    "strict mode with nulls": {
        "type": "object",
        "properties": {
            "plate": {"type": ["string", "null"], "pattern": "^[A-Z]{2}\\d{4}$"},
            "seen": {"type": "boolean"},
        },
        "required": ["plate", "seen"],
        "additionalProperties": False,
    },
    "a tree": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#"}}},
        "required": ["name", "children"],
    },
    "a list by links": {
        "$ref": "#/$defs/node",
        "$defs": {
            "node": {
                "type": "object",
                "properties": {
                    "value": {"type": "integer"},
                    "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
                },
                "required": ["value", "next"],
            }
        },
    },
    "variants": {
        "oneOf": [
            {
                "type": "object",
                "properties": {"kind": {"const": "alarm"}, "level": {"type": "integer", "minimum": 1, "maximum": 5}},
                "required": ["kind", "level"],
            },
            {
                "type": "object",
                "properties": {"kind": {"const": "calm"}},
                "required": ["kind"],
                "additionalProperties": False,
            },
        ]
    },
    "overlapping variants": {"oneOf": [{"type": "integer"}, {"type": "integer", "minimum": 5}]},
    "all of them": {
        "allOf": [
            {"type": "object", "properties": {"a": {"type": "integer", "minimum": 3}}, "required": ["a"]},
            {"properties": {"a": {"maximum": 4}, "b": {"type": "string", "minLength": 20}}, "required": ["b"]},
        ]
    },
    "any of two and any of two": {
        "allOf": [
            {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        ]
    },
    "if then else": {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}, "x": {"type": "integer"}},
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"required": ["x"]},
        "else": {"not": {"required": ["x"]}},
    },
    "formats": {
        "type": "object",
        "properties": {name: {"type": "string", "format": name} for name in FORMATS},
        "minProperties": len(FORMATS),
    },
    "a tuple": {"type": "array", "prefixItems": [{"type": "integer"}, {"const": "x"}], "items": False, "minItems": 2},
    "a tuple of draft 7": {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "items": [{"type": "integer"}],
        "additionalItems": {"const": "x"},
        "minItems": 3,
    },
    "unique items of few": {"type": "array", "items": {"enum": [1, 2, 3, 4]}, "uniqueItems": True, "minItems": 4},
    "contained items": {"type": "array", "items": {"type": "integer"}, "contains": {"const": 5}, "minContains": 2},
    "multiples": {"type": "number", "multipleOf": 0.1, "minimum": 0.25, "maximum": 0.7},
    "whole multiples of a fraction": {"type": "integer", "multipleOf": 2.5, "exclusiveMinimum": 10},
    "a map": {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 3},
    "a map by pattern": {
        "type": "object",
        "patternProperties": {"^cam_\\d+$": {"type": "string"}},
        "additionalProperties": False,
        "minProperties": 2,
    },
    "named by pattern": {"type": "object", "propertyNames": {"pattern": "^[a-z]{3}$"}, "minProperties": 2},
    "dependents": {
        "type": "object",
        "properties": {"a": True, "b": True},
        "required": ["a"],
        "dependentRequired": {"a": ["b"]},
    },
    "not that": {"type": ["string", "integer"], "not": {"type": "string"}},
    "an anchor": {"$ref": "#here", "$defs": {"x": {"$anchor": "here", "type": "integer"}}},
    "exclusive bounds of draft 4": {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "integer",
        "minimum": 3,
        "exclusiveMinimum": True,
        "maximum": 4,
    },
}


def validator_of(schema: Schema) -> Any:
    return validator_for(schema)(schema)


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("sparse", [False, True], ids=["rich", "sparse"])
def test_a_value_is_found_for_schemas_as_they_are_written(name: str, sparse: object) -> None:
    schema = REAL[name]
    assert check_schema(schema) is None

    for key in range(15):
        value = valid_value(schema, str(key), sparse=bool(sparse))
        validator_of(schema).validate(value)
        assert value == valid_value(schema, str(key), sparse=bool(sparse))


@pytest.mark.parametrize("name", ["detections", "a tree", "formats", "variants"])
def test_another_key_gives_another_value(name: str) -> None:
    assert len({json.dumps(valid_value(REAL[name], str(key))) for key in range(20)}) > 1


@pytest.mark.parametrize(
    "schema",
    [
        {"not": {}},
        {"type": "integer", "minimum": 5, "maximum": 3},
        {"enum": [1, 2], "type": "string"},
        {"$ref": "#"},
        {"type": "object", "required": ["again"], "properties": {"again": {"$ref": "#"}}},
        {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True, "minItems": 3},
        {"type": "string", "minLength": 10**9},
        {"type": "array", "minItems": 10**9},
        {"type": "string", "format": "email", "maxLength": 3},
        {"required": ["a"], "type": "object", "properties": {"a": False}},
    ],
)
def test_where_there_is_no_value_or_none_to_be_found_it_says_so(schema: Schema) -> None:
    with pytest.raises(NoValueError, match="no value was found"):
        valid_value(schema, "")


def test_hints_are_taken_where_the_schema_allows() -> None:
    hints = ValueHints(strings={"description": "a red box"}, integers={"frame": 3})
    schema = {
        "type": "object",
        "properties": {
            "scene_description": {"type": "string", "maxLength": 5},
            "frameCount": {"type": "integer"},
            "frames_before": {"type": "integer", "maximum": 1},
            "description_id": {"type": "string", "format": "uuid"},
        },
        "minProperties": 4,
    }

    value = valid_value(schema, "", hints)

    assert value["scene_description"] == "a red"
    assert value["frameCount"] == 3
    assert value["frames_before"] <= 1
    assert value["description_id"] != "a red box"


names = st.sampled_from("abcdef")
bounds = st.tuples(st.integers(-50, 50), st.integers(-50, 50)).map(sorted)
sizes = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(sorted)

leaves: st.SearchStrategy[Schema] = st.one_of(
    st.just({}),
    st.sampled_from([{"type": "null"}, {"type": "boolean"}, {"type": "string"}, {"type": ["integer", "null"]}]),
    bounds.map(lambda b: {"type": "integer", "minimum": b[0], "maximum": b[1]}),
    bounds.map(lambda b: {"type": "number", "minimum": b[0], "exclusiveMaximum": b[1] + 1}),
    st.integers(1, 9).map(lambda step: {"type": "integer", "multipleOf": step, "minimum": 1}),
    sizes.map(lambda b: {"type": "string", "minLength": b[0], "maxLength": b[1]}),
    st.sampled_from(["^[a-z]{2,5}$", "^\\d+$", "x"]).map(lambda pattern: {"type": "string", "pattern": pattern}),
    st.lists(st.none() | st.booleans() | st.integers() | st.text(), min_size=1, unique_by=repr).map(
        lambda values: {"enum": values}
    ),
)


def compound(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    objects = st.builds(
        lambda properties, required, more: {
            "type": "object",
            "properties": properties,
            "required": sorted(required & properties.keys()),
            **({} if more else {"additionalProperties": False}),
        },
        st.dictionaries(names, inner, max_size=4),
        st.sets(names),
        st.booleans(),
    )
    arrays = st.builds(
        lambda items, size: {"type": "array", "items": items, "minItems": size[0], "maxItems": size[1]}, inner, sizes
    )
    choices = st.lists(inner, min_size=1, max_size=3).map(lambda branches: {"anyOf": branches})
    same_twice = inner.map(lambda schema: {"allOf": [schema, schema]})
    return st.one_of(objects, arrays, choices, same_twice)


schemas = st.recursive(leaves, compound, max_leaves=12)


@settings(deadline=None)
@given(schema=schemas, key=st.text(max_size=5))
def test_a_value_is_found_for_any_schema_that_can_be_followed(schema: Schema, key: str) -> None:
    assert check_schema(schema) is None

    value = valid_value(schema, key)

    validator_of(schema).validate(value)
    assert json.dumps(value) == json.dumps(valid_value(schema, key))


@settings(deadline=None)
@given(schema=schemas)
def test_a_value_is_found_behind_a_reference(schema: Schema) -> None:
    behind = {"$ref": "#/$defs/here", "$defs": {"here": schema}}

    validator_of(behind).validate(valid_value(behind, ""))


@settings(deadline=None)
@given(one=schemas, other=schemas)
def test_for_two_schemas_at_once_there_is_a_valid_value_or_none(one: Schema, other: Schema) -> None:
    both = {"allOf": [one, other]}
    try:
        value = valid_value(both, "")
    except NoValueError:
        return

    validator_of(both).validate(value)
