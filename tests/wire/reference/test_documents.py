"""The documents are valid, and say all that validation asks for."""

from collections.abc import Iterator
from typing import Any

import annotated_types as at
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from ovs_support.reference import Json, shown, validator
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from ovs_mock.engine.errors import Why
from ovs_mock.wire.reference.bodies import body_schemas
from ovs_mock.wire.reference.handlers import PREFIXES, reference
from ovs_mock.wire.reference.page import operations
from ovs_mock.wire.reference.rules import ALSO_TEXT, CONDITIONS, PATTERNS, RULES
from ovs_mock.wire.reference.words import SAID

each = pytest.mark.parametrize("prefix", PREFIXES)

# A product of two fields, and what may stand in a schema of any draft; the document says these in words.
BEYOND_JSON_SCHEMA = ("at least 3 frames", "not a valid JSON Schema")

KEYWORDS = {at.Ge: "minimum", at.Gt: "exclusiveMinimum", at.Le: "maximum", at.Lt: "exclusiveMaximum"}


def bodies(prefix: str) -> list[tuple[Json, type[BaseModel]]]:
    """Each request body: what is said of it, and the model that checks it."""
    models = {op.id: op.body for op in reference(prefix).operations}
    return [
        (operation["requestBody"]["content"]["application/json"], model)
        for _, _, operation in operations(shown(prefix))
        if (model := models[operation["operationId"]]) is not None
    ]


@each
def test_every_document_is_valid_openapi(prefix: str) -> None:
    assert [*OpenAPIV31SpecValidator(shown(prefix)).iter_errors()] == []


@each
def test_operations_have_ids_of_their_own(prefix: str) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(shown(prefix))]
    assert len(set(ids)) == len(ids)


@each
def test_shapes_of_answers_and_bodies_share_no_name(prefix: str) -> None:
    described = reference(prefix)
    assert not set(described.shapes) & set(body_schemas(described.bodies()))


@each
def test_bodies_in_examples_validate(prefix: str) -> None:
    of = shown(prefix)
    for content, model in bodies(prefix):
        assert content["examples"]
        for example in content["examples"].values():
            validator(of, content["schema"]).validate(example["value"])
            model.model_validate(example["value"])


@each
def test_answers_in_examples_validate(prefix: str) -> None:
    of = shown(prefix)
    for _, _, operation in operations(of):
        for response in operation["responses"].values():
            for content in response.get("content", {}).values():
                for example in content.get("examples", {}).values():
                    validator(of, content["schema"]).validate(example["value"])


@each
def test_every_refused_call_says_in_what_form(prefix: str) -> None:
    for _, path, operation in operations(shown(prefix)):
        for status, response in operation["responses"].items():
            if status >= "400":
                assert response["content"], (path, status)
                assert response["description"], (path, status)


@each
def test_every_constraint_of_a_model_stands_in_the_document(prefix: str) -> None:
    schemas = shown(prefix)["components"]["schemas"]
    for model in _models(prefix):
        said = schemas[model.__name__]
        assert (said.get("additionalProperties") is False) is (model.model_config.get("extra") == "forbid")
        for name, field in model.model_fields.items():
            told = said["properties"][field.alias or name]
            assert (name in said.get("required", [])) is field.is_required()
            for keyword, value in _constraints(field):
                assert _has(told, keyword, value), (model.__name__, name, keyword)


@each
def test_every_rule_of_a_validator_stands_in_the_document(prefix: str) -> None:
    for model in _models(prefix):
        decorators = model.__pydantic_decorators__
        places = [model.__name__] if decorators.model_validators else []
        for decorator in decorators.field_validators.values():
            fields = [model.model_fields[name].alias or name for name in decorator.info.fields]
            places += [f"{model.__name__}.{name}" for name in fields]
        assert [place for place in places if place not in RULES] == []


@each
def test_what_breaks_a_limit_is_refused_by_the_document_and_by_the_mock(prefix: str) -> None:
    of = shown(prefix)
    for content, model in bodies(prefix):
        check = validator(of, content["schema"])
        for example in content["examples"].values():
            for broken in _broken(example["value"]):
                assert check.is_valid(broken) == _accepts(model, broken), broken


def test_no_rule_is_about_a_place_that_is_not_there() -> None:
    schemas = {k: v for prefix in PREFIXES for k, v in shown(prefix)["components"]["schemas"].items()}
    for place in (*RULES, *CONDITIONS, *ALSO_TEXT, *PATTERNS):
        model, _, field = place.partition(".")
        assert not field or field in schemas[model]["properties"], place


def test_every_refusal_has_words() -> None:
    assert set(SAID) == set(Why)


def _models(prefix: str) -> set[type[BaseModel]]:
    """The models of bodies, and those that they hold."""
    found: set[type[BaseModel]] = set()
    ahead: list[Any] = [model for _, model in bodies(prefix)]
    while ahead:
        one = ahead.pop()
        if isinstance(one, type) and issubclass(one, BaseModel) and one not in found:
            found.add(one)
            ahead += [field.annotation for field in one.model_fields.values()]
        ahead += getattr(one, "__args__", ())
    return found


def _constraints(field: FieldInfo) -> Iterator[tuple[str, Any]]:
    for rule in field.metadata:
        if isinstance(rule, at.MinLen):
            yield "minItems" if "list" in str(field.annotation) else "minLength", rule.min_length
        for kind, keyword in KEYWORDS.items():
            if isinstance(rule, kind):
                yield keyword, getattr(rule, kind.__name__.lower())


def _has(schema: Json, keyword: str, value: Any) -> bool:
    return schema.get(keyword) == value or any(_has(one, keyword, value) for one in schema.get("anyOf", []))


def _broken(value: Any) -> Iterator[Any]:
    """The body with one thing in it replaced by what may be too much, too little or of no use, or left out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {k: v for k, v in value.items() if k != key}
            yield from ({**value, key: other} for other in _broken(inner))
        yield {**value, "nobody_knows_this": 1}
    elif isinstance(value, list):
        yield []
        for place, inner in enumerate(value):
            yield from ([*value[:place], other, *value[place + 1 :]] for other in _broken(inner))
    elif isinstance(value, str):
        yield ""
    elif not isinstance(value, bool):
        yield from (-1, 0, 10**9)


def _accepts(model: type[BaseModel], body: Any) -> bool:
    try:
        model.model_validate(body)
    except ValidationError as error:
        return all(any(rule in problem["msg"] for rule in BEYOND_JSON_SCHEMA) for problem in error.errors())
    return True
