"""The documents as the mock serves them, and how to check against them."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from ovs_mock.api.reference import contracts

Json = dict[str, Any]
ORIGIN = "http://mock.test"


def shown(prefix: str) -> Json:
    return contracts.openapi(prefix, ORIGIN)


def validator(of: Json, schema: Json) -> Draft202012Validator:
    """Of a schema in a document."""
    whole = Resource.from_contents(of, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:document", whole)
    return Draft202012Validator(_absolute(schema), registry=registry, format_checker=FormatChecker())


def resolved(of: Json, schema: Json) -> Json:
    """The shape that a schema refers to, or the schema itself."""
    if "$ref" not in schema:
        return schema
    found: Json = of["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def objects(of: Json, schema: Any) -> list[Json]:
    """Every schema of an object that a schema is made of."""
    found: list[Json] = []
    seen: set[str] = set()
    ahead = [schema]
    while ahead:
        match ahead.pop():
            case {"$ref": str(reference)} if reference not in seen:
                seen.add(reference)
                ahead.append(resolved(of, {"$ref": reference}))
            case dict() as part:
                found += [part] if _is_object(part) else []
                ahead += [inner for key, inner in part.items() if key not in ("if", "then", "else", "not")]
            case list() as parts:
                ahead += parts
    return found


def _is_object(schema: Json) -> bool:
    return "object" in schema.get("type", ()) and "properties" in schema


def _absolute(schema: Any) -> Any:
    """References lead into the document, wherever the schema stands."""
    if isinstance(schema, dict):
        return {k: "urn:document" + v if k == "$ref" else _absolute(v) for k, v in schema.items()}
    return [_absolute(one) for one in schema] if isinstance(schema, list) else schema


def answers(of: Json) -> Iterator[tuple[str, str, Json]]:
    """Of every operation: its name, a status, and what comes with it."""
    for path, methods in of["paths"].items():
        for method, operation in methods.items():
            for status, response in operation["responses"].items():
                yield f"{method.upper()} {path}", status, response
