"""Two schemas as one that asks for both."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any] | bool

# Names and places of a schema; they say nothing about values.
_ABOUT = frozenset({"$id", "id", "$schema", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$defs", "definitions"})


def merge(one: Schema, other: Schema) -> Schema:
    """A schema for what both allow. Not exact: what it cannot express it leaves out, so values are to be checked."""
    if isinstance(one, bool):
        return other if one else False
    if isinstance(other, bool):
        return one if other else False
    merged = {key: value for key, value in one.items() if key not in _ABOUT}
    for key, value in other.items():
        if key in _ABOUT:
            continue
        if key not in merged or merged[key] == value:
            merged[key] = value
        elif key in _RULES:
            merged[key] = _RULES[key](merged[key], value)
        else:
            merged = _both(merged, key, value)
    return merged


def _both(merged: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """Ask for a second value of the same keyword, too."""
    return {**merged, "allOf": [*merged.get("allOf", []), {key: value}]} if key in _REPEATABLE else merged


def _types(one: Any, other: Any) -> list[str]:
    both = [type_ for type_ in _list(one) if type_ in _list(other)]
    if "integer" not in both and {"integer", "number"} <= {*_list(one), *_list(other)}:
        both.append("integer")
    return both


def _list(types: Any) -> list[str]:
    return [types] if isinstance(types, str) else list(types)


def _each(one: Mapping[str, Schema], other: Mapping[str, Schema]) -> dict[str, Schema]:
    return {**one, **{name: merge(one.get(name, True), schema) for name, schema in other.items()}}


def _items(one: Any, other: Any) -> Any:
    return other if isinstance(one, list) or isinstance(other, list) else merge(one, other)


def _common(one: list[Any], other: list[Any]) -> list[Any]:
    return [value for value in one if value in other]


_RULES: dict[str, Callable[[Any, Any], Any]] = {
    "type": _types,
    "enum": _common,
    "required": lambda one, other: list(dict.fromkeys([*one, *other])),
    "properties": _each,
    "patternProperties": _each,
    "additionalProperties": merge,
    "propertyNames": merge,
    "items": _items,
    "contains": merge,
    "allOf": lambda one, other: [*one, *other],
    "uniqueItems": lambda one, other: one or other,
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"), min),
}
# Keywords that lead on to other schemas, which can be followed one after the other.
_REPEATABLE = frozenset({"$ref", "$dynamicRef", "$recursiveRef", "anyOf", "oneOf"})
