"""One keyword at a time, a schema becomes simpler ones of which one is enough."""

from collections.abc import Callable, Mapping
from typing import Any

from ovs_mock.model.schema_context import SchemaPosition
from ovs_mock.model.schema_merge import Schema, merge

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


def alternatives(
    schema: Mapping[str, Any], place: SchemaPosition, target: Callable[[str], Schema]
) -> list[tuple[Schema, SchemaPosition]] | None:
    """Schemas of which one is enough, each without the keyword that led to them; ``None`` for a plain schema.

    ``target`` leads to the schema that a reference means.
    """
    for keyword in (*_REFERENCES, "anyOf", "oneOf", "if", "allOf"):
        if keyword in schema:
            rest = {key: value for key, value in schema.items() if key != keyword}
            return _alternatives_of(keyword, schema[keyword], rest, place, target)
    return None


def _alternatives_of(
    keyword: str, value: Any, rest: dict[str, Any], place: SchemaPosition, target: Callable[[str], Schema]
) -> list[tuple[Schema, SchemaPosition]]:
    if keyword in _REFERENCES:
        return [(merge(target(value), rest), place.referenced())]
    if keyword == "allOf":
        whole: Schema = rest
        for part in value:
            whole = merge(whole, part)
        return [(whole, place)]
    if keyword == "if":
        then, otherwise = rest.pop("then", True), rest.pop("else", True)
        return [(merge(rest, merge(value, then)), place), (merge(rest, otherwise), place)]
    return [(merge(rest, branch), place) for branch in _ordered(value, place)]


def _ordered(branches: list[Schema], place: SchemaPosition) -> list[Schema]:
    """All branches; deep down, those first that do not lead any deeper."""
    if not place.sparse:
        return place.chance.rotated(branches)
    return sorted(branches, key=lambda branch: len(str(branch)) if "$ref" not in str(branch) else 1_000_000)
