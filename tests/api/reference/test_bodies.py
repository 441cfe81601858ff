"""What the mock takes for a body is what the written contracts allow, and the other way round."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import annotated_types as at
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ovs_support.reference import Json, objects, shown, validator
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from ovs_mock.api.billing.handlers import CheckoutBody
from ovs_mock.api.chat.schemas import ChatBody
from ovs_mock.api.chat.sources import CreateBody
from ovs_mock.api.reference.operations import prefixes
from ovs_mock.api.reference.page import operations
from ovs_mock.api.v02.schemas import CreateStreamBody, FeedbackBody, PromptBody, ReinferBody
from ovs_mock.api.versions import VERSIONS

# The model that checks the body of each operation; v1 looks at no body when it creates a stream.
MODELS: dict[str, type[BaseModel]] = {
    "post_v0_2_streams": CreateStreamBody,
    "patch_v0_2_streams_stream_id_config_prompt": PromptBody,
    "post_v0_2_streams_stream_id_feedback": FeedbackBody,
    "post_v0_2_chat_completions_clip": ReinferBody,
    "post_v1_chat_completions": ChatBody,
    "post_v1beta_streams": CreateBody,
    "post_v1beta_chat_completions": ChatBody,
    "post_chat_completions": ChatBody,
    "post_billing_checkout": CheckoutBody,
}
PREFIXES = prefixes(VERSIONS.values())
UNREAD = {"post_v1_streams"}

KEYWORDS = {at.Ge: "minimum", at.Gt: "exclusiveMinimum", at.Le: "maximum", at.Lt: "exclusiveMaximum"}

# Rules that no JSON Schema can say; the documents have them in words, as ``x-rules``.
BEYOND_JSON_SCHEMA = ("at least 3 frames", "not a valid JSON Schema", "tool_choice")

# Values that mean one thing only: pydantic takes "1" and true for a number, and 1 for true.
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(["", "x", "native", "clip", "function", "user", "ovs://streams/x", "rtsp://camera.example.com/1"]),
    st.sampled_from([None, -1, 0, 1, 3, 0.05, 0.5, 30, 31, 60.5, 99, 10**9]),
    st.sampled_from([[], {}, ["x"], {"type": "native"}, {"type": "text", "text": "x"}, {"name": "x"}]),
)

of_models = pytest.mark.parametrize("operation", MODELS)


@cache
def asked(operation: str) -> tuple[Json, Json]:
    """The document that has the operation, and what it says of its body."""
    for prefix in PREFIXES:
        for _, _, described in operations(shown(prefix)):
            if described["operationId"] == operation:
                return shown(prefix), described["requestBody"]["content"]["application/json"]
    raise LookupError(operation)


@cache
def written(operation: str) -> Draft202012Validator:
    of, content = asked(operation)
    return validator(of, content["schema"])


def test_every_body_has_its_model() -> None:
    described = [operation for prefix in PREFIXES for _, _, operation in operations(shown(prefix))]
    assert {each["operationId"] for each in described if "requestBody" in each} == MODELS.keys() | UNREAD


@of_models
def test_bodies_in_examples_are_taken(operation: str) -> None:
    for example in asked(operation)[1]["examples"].values():
        written(operation).validate(example["value"])
        MODELS[operation].model_validate(example["value"])


@of_models
@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_what_has_been_changed_is_taken_by_both_or_by_neither(operation: str, data: st.DataObject) -> None:
    examples = [example["value"] for example in asked(operation)[1]["examples"].values()]
    body = data.draw(changed(data.draw(st.sampled_from(examples))))
    if isinstance(body, dict):
        assert written(operation).is_valid(body) == accepts(MODELS[operation], body)


@of_models
def test_every_limit_of_a_model_is_written_down(operation: str) -> None:
    of, content = asked(operation)
    schemas = objects(of, content["schema"])
    for model in models_of(MODELS[operation]):
        names = {field.alias or name for name, field in model.model_fields.items()}
        same = [schema for schema in schemas if set(schema["properties"]) == names]
        assert same, (model, names)
        for schema in same:
            agree(model, schema)


def agree(model: type[BaseModel], schema: Json) -> None:
    assert (schema.get("additionalProperties") is False) is (model.model_config.get("extra") == "forbid"), model
    for name, field in model.model_fields.items():
        told = schema["properties"][field.alias or name]
        assert (name in schema.get("required", [])) is field.is_required(), (model, name)
        for keyword, value in limits(field):
            assert has(told, keyword, value), (model, name, keyword)


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """A body with one thing left out, added or replaced somewhere."""
    here = places(value)
    if here and draw(st.integers(0, 3)) > 0:
        place: Any = draw(st.sampled_from(here))
        if isinstance(value, dict) and draw(st.integers(0, 4)) == 0:
            return {key: inner for key, inner in value.items() if key != place}
        other = draw(changed(value[place]))
        if isinstance(value, dict):
            return {**value, place: other}
        return [*value[:place], other, *value[place + 1 :]]
    if isinstance(value, dict) and draw(st.booleans()):
        return {**value, "nobody_knows_this": 1}
    return draw(VALUES.filter(lambda other: other not in (0, 1))) if isinstance(value, bool) else draw(VALUES)


def places(value: Any) -> list[Any]:
    """The keys of an object, the indices of a list."""
    if isinstance(value, dict):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []


def models_of(model: type[BaseModel]) -> set[type[BaseModel]]:
    """A model, and those that it holds."""
    found: set[type[BaseModel]] = set()
    ahead: list[Any] = [model]
    while ahead:
        one = ahead.pop()
        if isinstance(one, type) and issubclass(one, BaseModel) and one not in found:
            found.add(one)
            ahead += [field.annotation for field in one.model_fields.values()]
        ahead += getattr(one, "__args__", ())
    return found


def limits(field: FieldInfo) -> Iterator[tuple[str, Any]]:
    for rule in field.metadata:
        if isinstance(rule, at.MinLen):
            yield "minItems" if "list" in str(field.annotation) else "minLength", rule.min_length
        for kind, keyword in KEYWORDS.items():
            if isinstance(rule, kind):
                yield keyword, getattr(rule, kind.__name__.lower())


def has(schema: Json, keyword: str, value: Any) -> bool:
    return schema.get(keyword) == value or any(has(one, keyword, value) for one in schema.get("anyOf", []))


def accepts(model: type[BaseModel], body: Any) -> bool:
    try:
        model.model_validate(body)
    except ValidationError as error:
        return all(any(rule in problem["msg"] for rule in BEYOND_JSON_SCHEMA) for problem in error.errors())
    return True
