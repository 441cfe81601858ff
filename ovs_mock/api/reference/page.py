"""An OpenAPI document as one page that needs nothing else: no script, no font, no picture. Pure."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ovs_mock.api.reference.curl import command
from ovs_mock.api.reference.markup import Markup, el, joined, prose
from ovs_mock.api.reference.page_parts import answers, badge, body, origin, parameters, rules
from ovs_mock.api.reference.sockets import conversations

Json = dict[str, Any]

STYLE = (Path(__file__).parent / "page.css").read_text()


def page(document: Json, prefix: str, prefixes: Sequence[str], sockets: Json | None = None) -> str:
    """The page; ``prefixes`` are those of all references, to go from one to another.

    ``sockets`` is the AsyncAPI document of what is below the prefix too.
    """
    info = document["info"]
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", info["title"]),
        el("style", Markup(STYLE)),
    )
    main = el("main", _intro(document, prefix, sockets), *_sections(document), *conversations(sockets))
    whole = el("body", el("nav", _versions(prefix, prefixes), *_contents(document, sockets)), main)
    return "<!doctype html>\n" + el("html", head, whole, lang="en")


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Method, path and operation, in order."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _intro(document: Json, prefix: str, sockets: Json | None) -> Markup:
    info, address = document["info"], document["servers"][0]["url"]
    links = [
        ("OpenAPI 3.1 document", "openapi.json"),
        *([("AsyncAPI 3.0 document", "asyncapi.json")] if sockets else []),
    ]
    return el(
        "header",
        el("h1", info["title"]),
        el("p", prose(info["description"]), class_="lead"),
        el(
            "p",
            "Base URL ",
            el("code", address + prefix),
            *(part for name, file in links for part in (" · ", el("a", name, href=f"{prefix}/{file}"))),
        ),
        el("p", "Calls with a key need ", el("code", "Authorization: Bearer ovs-…"), class_="quiet"),
        *rules(document),
    )


def _versions(prefix: str, prefixes: Sequence[str]) -> Markup:
    links = [
        el("a", each or "all current", href=f"{each}/docs", **({"class_": "here"} if each == prefix else {}))
        for each in prefixes
    ]
    return el("div", *links, class_="versions")


def _contents(document: Json, sockets: Json | None) -> Iterator[Markup]:
    for tag in document["tags"]:
        links = [
            el("a", badge(method), " ", operation["summary"], href="#" + operation["operationId"])
            for method, _, operation in operations(document)
            if tag["name"] in operation["tags"]
        ]
        yield el("h2", tag["name"])
        yield joined(*links)
    if sockets:
        yield el("h2", "WebSockets")
        for name, channel in sockets["channels"].items():
            yield el("a", badge("WS"), " ", channel["title"], href=f"#socket-{name}")


def _sections(document: Json) -> Iterator[Markup]:
    for tag in document["tags"]:
        yield el("h2", tag["name"])
        for method, path, operation in operations(document):
            if tag["name"] in operation["tags"]:
                yield _section(document, method, path, operation)


def _section(document: Json, method: str, path: str, operation: Json) -> Markup:
    components = document["components"]["schemas"]
    marks = [el("span", "key", class_="mark key")] if operation["security"] else [el("span", "open", class_="mark")]
    if operation.get("deprecated"):
        marks.append(el("span", "deprecated", class_="mark old"))
    text = operation.get("description")
    return el(
        "section",
        el("h3", operation["summary"], " ", *marks),
        el("div", badge(method), el("code", path), class_="path"),
        *([el("p", prose(text))] if text else []),
        *rules(operation),
        el("pre", el("code", _curl(document, method, path, operation))),
        *parameters(operation),
        *body(operation, components),
        *answers(operation, components),
        *origin(operation),
        id=operation["operationId"],
    )


def _curl(document: Json, method: str, path: str, operation: Json) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = list(content.get("examples", {}).values())
    body = examples[0]["value"] if examples else None
    return command(document["servers"][0]["url"], method, path, needs_key=bool(operation["security"]), body=body)
