"""The documents of the mock's reference, and how to check against them."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from ovs_mock.wire.reference.handlers import reference
from ovs_mock.wire.reference.openapi import document

Json = dict[str, Any]
ORIGIN = "http://mock.test"


def shown(prefix: str) -> Json:
    return document(reference(prefix), ORIGIN)


def validator(of: Json, schema: Json) -> Draft202012Validator:
    """Of a schema in a document."""
    whole = Resource.from_contents(of, default_specification=DRAFT202012)
    return Draft202012Validator(_absolute(schema), registry=Registry().with_resource("urn:document", whole))


def _absolute(schema: Any) -> Any:
    """References lead into the document, wherever the schema stands."""
    if isinstance(schema, dict):
        return {k: "urn:document" + v if k == "$ref" else _absolute(v) for k, v in schema.items()}
    return [_absolute(one) for one in schema] if isinstance(schema, list) else schema


def fields(of: Json, schema: Json, value: Any) -> Iterator[tuple[set[str], set[str]]]:
    """For each object in ``value`` of which the schema names fields: those that it has, and those that are named."""
    if "$ref" in schema:
        schema = of["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for one in schema.get("anyOf", ()):
        if value is not None:
            yield from fields(of, one, value)
    if isinstance(value, list) and "items" in schema:
        for inner in value:
            yield from fields(of, schema["items"], inner)
    if isinstance(value, dict) and "properties" in schema:
        yield set(value), set(schema["properties"])
        for name, inner in value.items():
            yield from fields(of, schema["properties"].get(name, {}), inner)
