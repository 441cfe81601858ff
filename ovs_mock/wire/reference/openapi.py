"""A reference as an OpenAPI 3.1 document. Pure."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from ovs_mock.wire.reference.bodies import body_schemas
from ovs_mock.wire.reference.operation import JSON, Operation, Parameter, Reference, Reply, Schema
from ovs_mock.wire.reference.shape import ref

Json = dict[str, Any]

KEY_SCHEME = {"type": "http", "scheme": "bearer", "description": "An API key, ovs-… or ovs_…"}


def document(reference: Reference, origin: str) -> Json:
    """The whole document; ``origin`` is where the mock is reached, ``http://127.0.0.1:8787``."""
    return {
        "openapi": "3.1.0",
        "info": {"title": reference.title, "version": reference.version, "description": reference.description},
        "servers": [{"url": origin}],
        "tags": [{"name": tag} for tag in dict.fromkeys(op.tag for op in reference.operations)],
        "paths": _paths(reference.operations),
        "components": {
            "schemas": {**reference.shapes, **body_schemas(reference.bodies())},
            "securitySchemes": {"key": KEY_SCHEME},
        },
        **reference.extensions,
    }


def _paths(operations: Iterable[Operation]) -> Json:
    paths: Json = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return paths


def _operation(operation: Operation) -> Json:
    return {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.tag],
        **({"description": operation.description} if operation.description else {}),
        **({"deprecated": True} if operation.deprecated else {}),
        "security": [{"key": []}] if operation.needs_key else [],
        **({"parameters": [_parameter(p) for p in operation.parameters]} if operation.parameters else {}),
        **({"requestBody": _body(operation)} if operation.body else {}),
        "responses": _responses(operation.replies),
    }


def _parameter(parameter: Parameter) -> Json:
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.where == "path",
        "description": parameter.description,
        "schema": parameter.schema,
    }


def _body(operation: Operation) -> Json:
    assert operation.body is not None
    examples = {name: {"value": value} for name, value in operation.examples.items()}
    content = {"schema": ref(operation.body.__name__), "examples": examples}
    return {"required": operation.body_required, "content": {JSON: content}}


def _responses(replies: Iterable[Reply]) -> Json:
    """By status. Replies that share one become alternatives."""
    ordered = sorted(replies, key=lambda reply: reply.status)
    return {str(status): _response(list(group)) for status, group in groupby(ordered, lambda reply: reply.status)}


def _response(replies: list[Reply]) -> Json:
    headers = dict.fromkeys(name for reply in replies for name in reply.headers)
    media = dict.fromkeys(reply.media_type for reply in replies if reply.schema is not None)
    return {
        "description": " ".join(dict.fromkeys(reply.description for reply in replies)),
        **({"headers": {name: {"schema": {"type": "string"}} for name in headers}} if headers else {}),
        **({"content": {kind: _content(replies, kind) for kind in media}} if media else {}),
    }


def _content(replies: list[Reply], media_type: str) -> Json:
    of_type = [reply for reply in replies if reply.media_type == media_type]
    examples = _examples(of_type)
    return {"schema": _alternatives(of_type), **({"examples": examples} if examples else {})}


def _alternatives(replies: list[Reply]) -> Schema:
    schemas = [reply.schema for reply in replies if reply.schema is not None]
    distinct = [schema for at, schema in enumerate(schemas) if schema not in schemas[:at]]
    return distinct[0] if len(distinct) == 1 else {"oneOf": distinct}


def _examples(replies: list[Reply]) -> Json:
    """By what went wrong; a name that is taken gets a number."""
    examples: Json = {}
    for reply in replies:
        if reply.example is not None:
            name = reply.name or "error"
            taken = sum(known.split(" ")[0] == name for known in examples)
            shown = f"{name} {taken + 1}" if taken else name
            examples[shown] = {"summary": reply.description, "value": reply.example}
    return examples
