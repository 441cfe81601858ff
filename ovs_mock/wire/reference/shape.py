"""Short words for JSON Schemas, to write down answers field by field."""

from typing import Any

from ovs_mock.wire.reference.operation import Schema

REF = "#/components/schemas/"


def text(description: str = "", **more: Any) -> Schema:
    return _typed("string", description, more)


def integer(description: str = "", **more: Any) -> Schema:
    return _typed("integer", description, more)


def number(description: str = "", **more: Any) -> Schema:
    return _typed("number", description, more)


def boolean(description: str = "", **more: Any) -> Schema:
    return _typed("boolean", description, more)


def null(description: str = "") -> Schema:
    return _typed("null", description, {})


def uuid(description: str = "") -> Schema:
    return text(description, format="uuid")


def one_of(*values: str, description: str = "") -> Schema:
    return text(description, enum=list(values))


def listed(items: Schema, description: str = "") -> Schema:
    return _typed("array", description, {"items": items})


def record(description: str = "", /, **fields: Schema) -> Schema:
    """An object that always has all of these fields."""
    return _typed("object", description, {"properties": fields, "required": list(fields)})


def with_optional(schema: Schema, **fields: Schema) -> Schema:
    """The same object, which may have these fields too."""
    return {**schema, "properties": {**schema["properties"], **fields}}


def ref(name: str) -> Schema:
    return {"$ref": REF + name}


def nullable(schema: Schema, description: str = "") -> Schema:
    """That, or null."""
    said = description or schema.get("description", "")
    bare = {key: value for key, value in schema.items() if key != "description"}
    if isinstance(bare.get("type"), str) and "enum" not in bare:
        whole: Schema = {**bare, "type": [bare["type"], "null"]}
    else:
        whole = {"anyOf": [bare, {"type": "null"}]}
    return {**whole, "description": said} if said else whole


def _typed(kind: str, description: str, more: Schema) -> Schema:
    said = {"description": description} if description else {}
    return {"type": kind, **more, **said}
