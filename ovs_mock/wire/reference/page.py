"""An OpenAPI document as one page that needs nothing else: no script, no font, no picture. Pure."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ovs_mock.wire.reference.curl import command
from ovs_mock.wire.reference.markup import Markup, el, joined, prose
from ovs_mock.wire.reference.page_parts import answers, body, parameters, shapes

Json = dict[str, Any]

STYLE = (Path(__file__).parent / "page.css").read_text()


def page(document: Json, prefix: str, prefixes: Sequence[str]) -> str:
    """The page; ``prefixes`` are those of all references, to go from one to another."""
    info = document["info"]
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", info["title"]),
        el("style", Markup(STYLE)),
    )
    main = el("main", _intro(document, prefix), *_sections(document), *_websocket(document))
    whole = el("body", el("nav", _versions(prefix, prefixes), *_contents(document)), main)
    return "<!doctype html>\n" + el("html", head, whole, lang="en")


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Method, path and operation, in order."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _intro(document: Json, prefix: str) -> Markup:
    info, origin = document["info"], document["servers"][0]["url"]
    return el(
        "header",
        el("h1", info["title"]),
        el("p", prose(info["description"]), class_="lead"),
        el(
            "p",
            "Base URL ",
            el("code", origin + prefix),
            " · ",
            el("a", "OpenAPI 3.1 document", href=f"{prefix}/openapi.json"),
        ),
        el("p", "Calls with a key need ", el("code", "Authorization: Bearer ovs-…"), class_="quiet"),
    )


def _versions(prefix: str, prefixes: Sequence[str]) -> Markup:
    links = [
        el("a", each or "all current", href=f"{each}/docs", **({"class_": "here"} if each == prefix else {}))
        for each in prefixes
    ]
    return el("div", *links, class_="versions")


def _contents(document: Json) -> Iterator[Markup]:
    for tag in document["tags"]:
        links = [
            el("a", _badge(method), " ", operation["summary"], href="#" + operation["operationId"])
            for method, _, operation in operations(document)
            if tag["name"] in operation["tags"]
        ]
        yield el("h2", tag["name"])
        yield joined(*links)
    if "x-websocket" in document:
        yield el("h2", "WebSocket")
        yield el("a", _badge("WS"), " ", document["x-websocket"]["summary"], href="#websocket")


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
    said = operation.get("description")
    return el(
        "section",
        el("h3", operation["summary"], " ", *marks),
        el("div", _badge(method), el("code", path), class_="path"),
        *([el("p", prose(said))] if said else []),
        el("pre", el("code", _curl(document, method, path, operation))),
        *parameters(operation),
        *body(operation, components),
        *answers(operation, components),
        id=operation["operationId"],
    )


def _badge(method: str) -> Markup:
    return el("span", method, class_=f"badge {method.lower()}")


def _curl(document: Json, method: str, path: str, operation: Json) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = list(content.get("examples", {}).values())
    body = examples[0]["value"] if examples else None
    origin = document["servers"][0]["url"]
    return command(origin, method, path, needs_key=bool(operation["security"]), body=body)


def _websocket(document: Json) -> Iterator[Markup]:
    socket = document.get("x-websocket")
    if socket is None:
        return
    components = document["components"]["schemas"]
    codes = [el("li", el("code", code), " ", prose(said)) for code, said in socket["close_codes"].items()]
    yield el("h2", "WebSocket")
    yield el(
        "section",
        el("h3", socket["summary"]),
        el("div", _badge("WS"), el("code", socket["path"]), class_="path"),
        *(el("p", prose(said)) for said in socket["description"]),
        el("h4", "Messages of the client"),
        *shapes(socket["client_message"], components, sent=True),
        el("h4", "Messages of the server"),
        *shapes(socket["server_message"], components),
        el("h4", "Close codes"),
        el("ul", *codes),
        id="websocket",
    )
