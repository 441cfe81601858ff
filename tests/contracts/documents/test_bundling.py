"""References are followed from file to file."""

from typing import Any

import pytest
from ovs_contracts.documents.bundling import Bundler, BundlingError

Files = dict[str, Any]


def bundled(files: Files) -> tuple[Any, Any]:
    bundler = Bundler(files.__getitem__, "#/components/schemas/")
    return bundler.bundle("a/root.yaml"), bundler.shapes


def test_what_is_referred_to_takes_the_place_of_the_reference() -> None:
    files = {"a/root.yaml": {"x": {"$ref": "../b.yaml#/of/this"}}, "b.yaml": {"of": {"this": {"said": 1}}}}
    assert bundled(files) == ({"x": {"said": 1}}, {})


def test_other_members_of_a_reference_win() -> None:
    files = {"a/root.yaml": {"x": {"$ref": "#/y", "said": 2}, "y": {"said": 1, "more": 3}}}
    assert bundled(files)[0]["x"] == {"said": 2, "more": 3}


def test_references_in_a_file_start_from_that_file() -> None:
    files = {
        "a/root.yaml": {"x": {"$ref": "../b/one.yaml#/x"}},
        "b/one.yaml": {"x": {"y": {"$ref": "two.yaml#/y"}}},
        "b/two.yaml": {"y": {"z": {"$ref": "#/z"}}, "z": {"said": 1}},
    }
    assert bundled(files)[0] == {"x": {"y": {"z": {"said": 1}}}}


def test_shapes_come_along_by_name_and_may_hold_themselves() -> None:
    tree = {"type": "object", "properties": {"inner": {"$ref": "#/components/schemas/Tree"}}}
    files = {
        "a/root.yaml": {"x": {"$ref": "b.yaml#/components/schemas/Tree", "description": "A tree."}},
        "a/b.yaml": {"components": {"schemas": {"Tree": tree, "Unused": {}}}},
    }
    whole, shapes = bundled(files)
    assert whole == {"x": {"$ref": "#/components/schemas/Tree", "description": "A tree."}}
    assert shapes == {"Tree": tree}


def test_a_file_of_a_shape_has_its_title_for_a_name_and_brings_its_parts() -> None:
    files = {
        "a/root.yaml": {"x": {"$ref": "../schemas/thing.yaml"}},
        "schemas/thing.yaml": {
            "title": "Thing",
            "items": {"$ref": "#/$defs/Part"},
            "$defs": {"Part": {"type": "null"}},
        },
    }
    whole, shapes = bundled(files)
    assert whole == {"x": {"$ref": "#/components/schemas/Thing"}}
    part = {"$ref": "#/components/schemas/Part"}
    assert shapes == {"Thing": {"title": "Thing", "items": part}, "Part": {"type": "null"}}


def test_two_shapes_of_one_name_are_an_error() -> None:
    shape: Files = {"components": {"schemas": {"Thing": {}}}}
    references = [{"$ref": f"{name}.yaml#/components/schemas/Thing"} for name in "bc"]
    with pytest.raises(BundlingError, match=r"Thing is in a/b\.yaml and in a/c\.yaml"):
        bundled({"a/root.yaml": {"x": references}, "a/b.yaml": shape, "a/c.yaml": shape})


def test_a_reference_that_leads_nowhere_is_an_error() -> None:
    with pytest.raises(BundlingError, match="has no /y/z"):
        bundled({"a/root.yaml": {"x": {"$ref": "#/y/z"}, "y": {}}})


def test_asyncapi_keeps_its_own_references() -> None:
    files = {"a/root.yaml": {"x": {"$ref": "#/channels/one"}, "channels": {"one": {}}}}
    assert bundled(files)[0]["x"] == {"$ref": "#/channels/one"}
