"""The parts of an operation on a page: its parameters, its body, its answers. Pure."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ovs_mock.api.reference.fields import Field, fields_of, limits_of, name_of, reachable, type_of
from ovs_mock.api.reference.markup import Markup, el, prose

Json = dict[str, Any]


def badge(method: str) -> Markup:
    return el("span", method, class_=f"badge {method.lower()}")


def parameters(operation: Json) -> Iterator[Markup]:
    if found := operation.get("parameters"):
        yield el("h4", "Parameters")
        yield _table([_parameter(parameter) for parameter in found], sent=True)


def _parameter(parameter: Json) -> Field:
    schema = parameter["schema"]
    limits = ", ".join(filter(None, [f"in the {parameter['in']}", limits_of(schema)]))
    return Field(parameter["name"], type_of(schema), limits, parameter["required"], parameter["description"])


def body(operation: Json, components: Json) -> Iterator[Markup]:
    if "requestBody" in operation:
        content = operation["requestBody"]["content"]["application/json"]
        optional = "" if operation["requestBody"]["required"] else " (optional)"
        yield el("h4", "Body" + optional)
        yield from shapes(content["schema"], components, sent=True)
        yield from _examples("Other bodies", list(content["examples"].items())[1:])


def answers(operation: Json, components: Json) -> Iterator[Markup]:
    yield el("h4", "Answers")
    for status, response in operation["responses"].items():
        yield _answer(status, response, components)


def _answer(status: str, response: Json, components: Json) -> Markup:
    content = response.get("content", {})
    types = " or ".join(dict.fromkeys(_answer_type(kind, one["schema"]) for kind, one in content.items()))
    headers = ", ".join(response.get("headers", {}))
    marks = [el("span", "decided", class_="mark")] if response.get("x-confidence") == "decided" else []
    summary = el(
        "summary",
        el("span", status, class_=f"status s{status[0]}"),
        el("span", prose(response["description"]), " ", *marks),
        el("span", types or "no body", class_="type"),
    )
    inside = [
        *([el("p", "Headers: ", el("code", headers), class_="quiet")] if headers else []),
        *(part for one in content.values() for part in _content(one, components)),
    ]
    return el("details", summary, *inside, class_="answer")


def _answer_type(kind: str, schema: Json) -> str:
    return type_of(schema) if kind == "application/json" else kind


def _content(content: Json, components: Json) -> Iterator[Markup]:
    if text := content["schema"].get("description"):
        yield el("p", prose(text))
    yield from shapes(content["schema"], components)
    yield from _examples("Examples", list(content.get("examples", {}).items()))


def shapes(schema: Json, components: Json, *, sent: bool = False) -> Iterator[Markup]:
    """A table for each shape; ``sent`` when the caller sends it."""
    for name, shape in reachable(schema, components).items():
        only = "$ref" in schema and name_of(schema) == name
        yield el("h5", name, *([] if only else [el("span", " shape", class_="quiet")]))
        if text := shape.get("description"):
            yield el("p", prose(text), class_="quiet")
        if fields := fields_of(shape):
            yield _table(fields, sent=sent)
        yield from rules(shape)


def rules(described: Json) -> Iterator[Markup]:
    """What a schema cannot say."""
    if texts := described.get("x-rules"):
        yield el("ul", *(el("li", prose(rule)) for rule in texts), class_="rules")


def origin(described: Json) -> Iterator[Markup]:
    """Where a statement comes from, and how sure it is."""
    if "x-source" in described:
        yield el("p", f"{described['x-confidence']}: {described['x-source']}", class_="quiet origin")


def _examples(title: str, examples: Sequence[tuple[str, Json]]) -> Iterator[Markup]:
    if examples:
        yield el("h5", title)
    for name, example in examples:
        yield el("p", el("code", name), " ", prose(example.get("summary", "")), class_="quiet")
        yield el("pre", el("code", _example_text(example["value"])))


def _example_text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _table(fields: Sequence[Field], *, sent: bool) -> Markup:
    return el("div", el("table", el("tbody", *(_row(field, sent=sent) for field in fields))), class_="scroll")


def _row(field: Field, *, sent: bool) -> Markup:
    return el(
        "tr",
        el("td", el("code", field.name), " ", *_presence(field, sent=sent)),
        el("td", el("span", field.type, class_="type"), *([el("small", field.limits)] if field.limits else [])),
        el("td", prose(field.description)),
    )


def _presence(field: Field, *, sent: bool) -> list[Markup]:
    """What is worth a word: of what is sent, what must be there; of answers, what may be missing."""
    if sent:
        return [el("span", "required", class_="must")] if field.required else []
    return [] if field.required else [el("span", "optional", class_="may")]
