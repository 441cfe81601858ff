"""Merges two schemas into one that requires both."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any] | bool

# Keywords that identify a schema and do not constrain values.
_IDENTIFIERS = frozenset(
    {"$id", "id", "$schema", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$defs", "definitions"}
)


def merge(one: Schema, other: Schema) -> Schema:
    """A schema for values that both allow. Not exact: it omits what it cannot express, so values are checked later."""
    if isinstance(one, bool):
        return other if one else False
    if isinstance(other, bool):
        return one if other else False
    merged = {key: value for key, value in one.items() if key not in _IDENTIFIERS}
    for key, value in other.items():
        if key in _IDENTIFIERS:
            continue
        if key not in merged or merged[key] == value:
            merged[key] = value
        elif key in _RULES:
            merged[key] = _RULES[key](merged[key], value)
        else:
            merged = _with_repeated(merged, key, value)
    return merged


def _with_repeated(merged: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """Require a second value of the same keyword as well, if it can be repeated in ``allOf``."""
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
# Keywords with other schemas as values, which can stand in ``allOf`` together.
_REPEATABLE = frozenset({"$ref", "$dynamicRef", "$recursiveRef", "anyOf", "oneOf"})
