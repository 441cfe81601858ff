"""What calls are generated from: a version's document, with what the target has put in, so that calls get further."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ovs_contracts.documents import Json, names, openapi

FRAME = "(frame_index|timestamp_ms|offset_ms)=-?[0-9]{1,4}"
SEGMENT = "start_(frame_index|timestamp_ms|offset_ms)=-?[0-9]{1,4}"


# The same as in v1beta, whose document has it.
ALIAS = "POST /chat/completions"
METHODS = {"get", "put", "post", "patch", "delete"}


@dataclass(frozen=True, kw_only=True)
class TargetKnowledge:
    """What is known of a target: models that can be asked, and a stream that is there, with frames in it."""

    models: tuple[str, ...] = ()
    stream_id: str | None = None


def view(version: str, known: TargetKnowledge) -> Json:
    """The version's document for generating calls. It says nothing else about answers than the document itself."""
    document: Json = copy.deepcopy(openapi(version))
    for schema in _asked(document):
        _name_models(schema, known)
        _refer_to_frames(schema, known)
        _ask_for_many_tokens(schema)
    if known.stream_id:
        _name_the_stream(document, known.stream_id)
    for media in _event_streams(document):
        # schemathesis would hold each event against it; our own check reads them more strictly.
        media["schema"] = {}
    return document


def operations(version: str) -> list[str]:
    """Every operation of a document that is called: ``POST /v1/streams``."""
    paths: Json = openapi(version)["paths"]
    names = [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods if method in METHODS]
    return [name for name in names if name != ALIAS]


def linked_documents() -> list[str]:
    """The documents whose answers lead to further calls."""
    return [name for name in names() if "'links': {" in str(openapi(name)["paths"])]


def _name_models(schema: Json, known: TargetKnowledge) -> None:
    """A model that does not exist is a 422 before anything else is looked at."""
    named = schema.get("properties", {}).get("model")
    if known.models and isinstance(named, dict) and named.get("type") == "string":
        named["enum"] = list(known.models)


def _name_the_stream(document: Json, stream_id: str) -> None:
    """Of a stream that is not there nothing is learned but a 404. It is not to be ended, though."""
    for methods in document["paths"].values():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", ()) if method in METHODS - {"delete"} else ():
                if parameter.get("name") == "stream_id" and "uuid" in str(parameter["schema"]):
                    parameter["schema"] = {"anyOf": [{"type": "string", "enum": [stream_id]}, parameter["schema"]]}


def _refer_to_frames(schema: Json, known: TargetKnowledge) -> None:
    """Text that is no URL refers to nothing."""
    url = schema.get("properties", {}).get("url")
    if known.stream_id and isinstance(url, dict) and "ovs://" in str(url.get("description", "")):
        prefix = f"^ovs://streams/{known.stream_id}\\?"
        frames = [{"type": "string", "pattern": f"{prefix}{query}$"} for query in (FRAME, SEGMENT)]
        schema["properties"]["url"] = {"anyOf": [*frames, url]}


def _ask_for_many_tokens(schema: Json) -> None:
    """So many that whether they are too many depends on how often the model is asked."""
    tokens = schema.get("properties", {}).get("max_output_tokens")
    if tokens:
        schema["properties"]["max_output_tokens"] = {"anyOf": [{"type": "integer", "enum": [16, 300, 9000]}, tokens]}


def _asked(document: Json) -> Iterator[Json]:
    """Every schema that a request body is made of."""
    bodies = [
        operation["requestBody"]
        for methods in document["paths"].values()
        for operation in methods.values()
        if isinstance(operation, dict) and "requestBody" in operation
    ]
    waiting: list[Any] = [bodies]
    seen: set[str] = set()
    while waiting:
        match waiting.pop():
            case {"$ref": str(reference)} if reference not in seen:
                seen.add(reference)
                waiting.append(_component(document, reference))
            case dict() as part:
                waiting += part.values()
                if "properties" in part:
                    yield part
            case list() as parts:
                waiting += parts


def _component(document: Json, reference: str) -> Any:
    target: Any = document
    for step in reference.removeprefix("#/").split("/"):
        target = target[step]
    return target


def _event_streams(document: Json) -> Iterator[Json]:
    waiting: list[Any] = [document["paths"], document.get("components", {}).get("responses", {})]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if isinstance(media := part.get("text/event-stream"), dict):
                yield media
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
