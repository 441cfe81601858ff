"""Small changes of JSON, and the routes that they are for."""

from typing import Any

import pytest

from ovs_mock.mutants.edits import Edit, always, at, change, drop, edited, put, rename, wrapped
from ovs_mock.mutants.exchange import _pattern


def value() -> dict[str, Any]:
    return {"a": {"b": 1}, "list": [{"x": 1}, {"x": 2, "y": None}]}


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (put("a.b", 2), {"a": {"b": 2}, "list": [{"x": 1}, {"x": 2, "y": None}]}),
        (put("a.c", 2), {"a": {"b": 1, "c": 2}, "list": [{"x": 1}, {"x": 2, "y": None}]}),
        (put("list.1.x", 3), {"a": {"b": 1}, "list": [{"x": 1}, {"x": 3, "y": None}]}),
        (put("nothing.there", 3), value()),
        (put("list.7.x", 3), value()),
        (change("list.*.x", str), {"a": {"b": 1}, "list": [{"x": "1"}, {"x": "2", "y": None}]}),
        (change("list.*.y", str), {"a": {"b": 1}, "list": [{"x": 1}, {"x": 2, "y": "None"}]}),
        (change("a.*", str), {"a": {"b": "1"}, "list": [{"x": 1}, {"x": 2, "y": None}]}),
        (drop("list.*.y"), {"a": {"b": 1}, "list": [{"x": 1}, {"x": 2}]}),
        (drop("a"), {"list": [{"x": 1}, {"x": 2, "y": None}]}),
        (drop("a.b.c"), value()),
        (rename("a", "z"), {"z": {"b": 1}, "list": [{"x": 1}, {"x": 2, "y": None}]}),
        (rename("list.*.y", "z"), {"a": {"b": 1}, "list": [{"x": 1}, {"x": 2, "z": None}]}),
        (wrapped("data"), {"data": value()}),
        (always(None), None),
    ],
)
def test_an_edit_changes_what_its_path_leads_to_and_nothing_else(edit: Edit, expected: Any) -> None:
    assert edit(value()) == expected


@pytest.mark.parametrize("nothing", [None, 1, "text", [], {}])
def test_a_path_that_leads_nowhere_changes_nothing(nothing: Any) -> None:
    edits = (change("a.b", str), drop("a.*.c"), rename("a.b", "c"), put("a.b", 1))
    assert edited(nothing, edits) == nothing
    assert at(nothing, "a.b") is None


def test_a_value_can_be_read_by_its_path() -> None:
    assert at(value(), "list.1.x") == 2
    assert at(value(), "list.*.x") == 1


@pytest.mark.parametrize(
    ("route", "call", "matches"),
    [
        ("POST /v1/streams", "POST /v1/streams", True),
        ("POST /v1/streams", "POST /v1/streams/x", False),
        ("POST /v1/streams", "POST /v1beta/streams", False),
        ("GET /v1/streams/{id}", "GET /v1/streams/x", True),
        ("GET /v1/streams/{id}", "GET /v1/streams/x/y", False),
        ("POST /v0.2/streams/{id}/keepalive", "POST /v0.2/streams/x/keepalive", True),
        ("POST /v0.2/streams/{id}/keepalive", "POST /v012/streams/x/keepalive", False),
        ("* /v0.2/*", "DELETE /v0.2/streams/x", True),
        ("GET /rtc*/validate", "GET /rtc/v1/validate", True),
    ],
)
def test_routes(route: str, call: str, matches: bool) -> None:  # noqa: FBT001 - a table's column
    assert bool(_pattern(route).fullmatch(call)) is matches
