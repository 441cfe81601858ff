"""The OpenAPI documents are valid, complete in themselves, and say where all of it comes from."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from ovs_contracts.documents import Json, current, names, openapi
from ovs_support.reference import answers, objects, validator

ALL = {**{name: openapi(name) for name in names()}, "current": current()}
CONFIDENCE = {"documented", "seen", "decided"}
LONGEST_FILE = 500

each = pytest.mark.parametrize("of", ALL.values(), ids=ALL)


def operations(of: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in of["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def contents(of: Json) -> Iterator[tuple[str, Json]]:
    """Of every operation: where something is sent, and what."""
    for name, operation in operations(of):
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{name} {media}", content
    for name, status, response in answers(of):
        for media, content in response.get("content", {}).items():
            yield f"{name} {status} {media}", content


@each
def test_every_document_is_valid_openapi(of: Json) -> None:
    assert [*OpenAPIV31SpecValidator(of).iter_errors()] == []


@each
def test_a_document_is_json_and_stands_by_itself(of: Json) -> None:
    assert json.loads(json.dumps(of)) == of
    references = {value for key, value in _members(of) if key == "$ref"}
    assert references == {f"#/components/schemas/{name}" for name in of["components"]["schemas"]}


@each
def test_operations_have_ids_of_their_own(of: Json) -> None:
    ids = [operation["operationId"] for _, operation in operations(of)]
    assert len(set(ids)) == len(ids)


@each
def test_every_operation_says_where_it_comes_from_and_who_may_call(of: Json) -> None:
    for name, operation in operations(of):
        assert operation["x-source"], name
        assert operation["x-confidence"] in CONFIDENCE, name
        assert operation["security"] in ([], [{"key": []}]), name
        assert ("401" in operation["responses"]) is bool(operation["security"]), name
        assert {tag["name"] for tag in of["tags"]} >= set(operation["tags"]), name
    for name, status, response in answers(of):
        assert response["description"], (name, status)
        assert status < "400" or response.get("content"), (name, status)


@each
def test_every_schema_is_one_and_every_example_follows_it(of: Json) -> None:
    for name, content in contents(of):
        Draft202012Validator.check_schema(content["schema"])
        assert content.get("examples") or "text/html" in name, name
        for example in content.get("examples", {}).values():
            validator(of, content["schema"]).validate(example["value"])


@each
def test_every_object_of_an_answer_is_closed_and_says_what_it_must_have(of: Json) -> None:
    for name, status, response in answers(of):
        if name == "GET /openapi.json":
            continue
        for content in response.get("content", {}).values():
            for found in objects(of, content["schema"]):
                # The codes of an error stand beside a reference to its shape, which is closed.
                assert found["additionalProperties"] is False, (name, status, found)


@each
def test_links_lead_to_operations_and_give_parameters_that_these_have(of: Json) -> None:
    known = {operation["operationId"]: operation for _, operation in operations(of)}
    for name, _, response in answers(of):
        for title, link in response.get("links", {}).items():
            target = known[link["operationId"]]
            wanted = {parameter["name"] for parameter in target.get("parameters", []) if parameter["in"] == "path"}
            assert set(link.get("parameters", {})) == wanted, (name, title)
            assert ("requestBody" in link) <= ("requestBody" in target), (name, title)


def test_every_answer_of_v1beta_says_its_region() -> None:
    for name, status, response in answers(openapi("v1beta")):
        assert response["headers"]["X-Overshoot-Region"]["required"], (name, status)


def test_chats_of_v1beta_say_what_is_left_when_they_are_answered_or_too_many() -> None:
    names = {f"x-ratelimit-{name}" for name in ("limit", "remaining", "reset")}
    for path in ("/v1beta/chat/completions", "/chat/completions"):
        responses = current()["paths"][path]["post"]["responses"]
        for status, response in responses.items():
            said = {name for name, header in response["headers"].items() if header["required"]}
            wanted = {"200": names, "429": names | {"retry-after"}}.get(status, set())
            assert said == wanted | {"X-Overshoot-Region"}, status


@pytest.mark.parametrize("name", names())
def test_documents_say_what_is_answered_elsewhere(name: str) -> None:
    of = openapi(name)
    assert of["x-unknown-path"]["content"]
    assert of["x-unknown-method"]["headers"]["Allow"]["required"]


def test_files_are_short_enough_to_read() -> None:
    root = Path(str(files("ovs_contracts.documents")))
    long = [file.name for file in root.rglob("*.yaml") if len(file.read_text().splitlines()) > LONGEST_FILE]
    assert long == []


@each
def test_all_that_is_said_is_text(of: Json) -> None:
    for key, value in _members(of):
        if key in ("x-rules", "x-source", "x-confidence") or (key == "description" and not isinstance(value, dict)):
            assert all(isinstance(said, str) for said in (value if key == "x-rules" else [value])), (key, value)


def _members(part: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict):
        for key, value in part.items():
            yield key, value
            yield from _members(value)
    elif isinstance(part, list):
        for value in part:
            yield from _members(value)
