"""An AsyncAPI document as a part of a page: its channels, their messages, and how they close. Pure."""

from collections.abc import Iterator
from typing import Any

from ovs_mock.api.reference.markup import Markup, el, prose
from ovs_mock.api.reference.page_parts import badge, origin, rules, shapes

Json = dict[str, Any]


def conversations(document: Json | None) -> Iterator[Markup]:
    """A section for each channel; nothing without a document."""
    if document is None:
        return
    yield el("h2", "WebSockets")
    for name, channel in document["channels"].items():
        yield el(
            "section",
            el("h3", channel["title"]),
            el("div", badge("WS"), el("code", channel["address"]), class_="path"),
            el("p", prose(channel["description"])),
            *rules(channel),
            *(part for message in channel["messages"].values() for part in _message(message, document)),
            el("h4", "Close codes"),
            el("ul", *(_closing(code) for code in channel["x-close-codes"])),
            *origin(channel),
            id=f"socket-{name}",
        )


def _message(message: Json, document: Json) -> Iterator[Markup]:
    yield el("h4", message["title"])
    yield el("p", prose(message["summary"]))
    # A server sends whole objects, and of what a client sends something may be missing.
    yield from shapes(message["payload"], document["components"]["schemas"])


def _closing(closing: Json) -> Markup:
    reasons = [el("li", el("code", reason)) for reason in closing["reason"].get("enum", [])]
    marks = [" ", el("span", "decided", class_="mark")] if closing["x-confidence"] == "decided" else []
    return el(
        "li",
        el("code", str(closing["code"])),
        " ",
        prose(closing["when"]),
        *marks,
        *([el("ul", *reasons)] if reasons else []),
    )
