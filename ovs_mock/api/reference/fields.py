"""Schemas as lists of fields, to show in tables. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

LIMITS = {
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "exclusiveMaximum": "< {}",
    "minLength": "length ≥ {}",
    "maxLength": "length ≤ {}",
    "minItems": "items ≥ {}",
    "maxItems": "items ≤ {}",
    "pattern": "matches {}",
    "format": "{}",
}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: str
    limits: str
    required: bool
    description: str


def name_of(schema: Json) -> str:
    """The shape that a reference leads to."""
    return str(schema["$ref"]).rpartition("/")[2]


def type_of(schema: Json) -> str:
    """``array of Problem``, ``string | null``."""
    if "$ref" in schema:
        return name_of(schema)
    if alternatives := _alternatives(schema):
        return " | ".join(dict.fromkeys(type_of(one) for one in alternatives))
    if "const" in schema or "enum" in schema:
        return " | ".join(repr_of(value) for value in schema.get("enum", [schema.get("const")]))
    kinds = schema.get("type", "anything")
    return " | ".join(_listed(schema) if kind == "array" else kind for kind in _as_list(kinds))


def limits_of(schema: Json) -> str:
    """``≥ 0.1, ≤ 60, default 1``."""
    limits = list(_limits(schema))
    if schema.get("default") is not None:
        limits.append(f"default {repr_of(schema['default'])}")
    return ", ".join(limits)


def fields_of(schema: Json) -> list[Field]:
    """Those of objects that stand in others too: ``detail.error``, ``choices[].delta``."""
    return list(_fields(schema, ""))


def reachable(schema: Json, components: Json) -> dict[str, Json]:
    """The shapes that a schema mentions, and those that they mention, nearest first."""
    found: dict[str, Json] = {}
    ahead = [schema]
    while ahead:
        names = [name for one in ahead for name in _mentions(one) if name not in found]
        found.update({name: components[name] for name in names})
        ahead = [components[name] for name in dict.fromkeys(names)]
    return found


def repr_of(value: Any) -> str:
    """As in JSON."""
    return json.dumps(value, ensure_ascii=False)


def _fields(schema: Json, path: str) -> Iterator[Field]:
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        whole = path + name
        yield Field(whole, type_of(field), limits_of(field), name in required, field.get("description", ""))
        yield from _fields(field, whole + ".")
        yield from _fields(field.get("items", {}), whole + "[].")


def _listed(schema: Json) -> str:
    inner = type_of(schema.get("items", {}))
    return f"array of ({inner})" if " | " in inner else f"array of {inner}"


def _as_list(kinds: str | list[str]) -> list[str]:
    return [kinds] if isinstance(kinds, str) else kinds


def _limits(schema: Json) -> Iterator[str]:
    yield from (form.format(schema[key]) for key, form in LIMITS.items() if key in schema)
    for one in _alternatives(schema):
        yield from _limits(one)


def _alternatives(schema: Json) -> list[Json]:
    return [*schema.get("anyOf", []), *schema.get("oneOf", [])]


def _mentions(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield name_of(schema)
        # A discriminator's mapping repeats the references of its alternatives.
        yield from (name for key, value in schema.items() if key != "discriminator" for name in _mentions(value))
    elif isinstance(schema, list):
        yield from (name for value in schema for name in _mentions(value))
