"""Replaces a keyword of a schema by alternatives: simpler schemas, of which a value has to meet one."""

from collections.abc import Callable, Mapping
from typing import Any

from ovs_mock.model.schema_context import SchemaPosition
from ovs_mock.model.schema_merge import Schema, merge

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


def alternatives(
    schema: Mapping[str, Any], position: SchemaPosition, target: Callable[[str], Schema]
) -> list[tuple[Schema, SchemaPosition]] | None:
    """Schemas of which a value has to meet one, without the keyword that they replace; ``None`` for a plain schema.

    ``target`` resolves a reference.
    """
    for keyword in (*_REFERENCES, "anyOf", "oneOf", "if", "allOf"):
        if keyword in schema:
            rest = {key: value for key, value in schema.items() if key != keyword}
            return _alternatives_of(keyword, schema[keyword], rest, position, target)
    return None


def _alternatives_of(
    keyword: str, value: Any, rest: dict[str, Any], position: SchemaPosition, target: Callable[[str], Schema]
) -> list[tuple[Schema, SchemaPosition]]:
    if keyword in _REFERENCES:
        return [(merge(target(value), rest), position.referenced())]
    if keyword == "allOf":
        whole: Schema = rest
        for part in value:
            whole = merge(whole, part)
        return [(whole, position)]
    if keyword == "if":
        then, otherwise = rest.pop("then", True), rest.pop("else", True)
        return [(merge(rest, merge(value, then)), position), (merge(rest, otherwise), position)]
    return [(merge(rest, branch), position) for branch in _ordered(value, position)]


def _ordered(branches: list[Schema], position: SchemaPosition) -> list[Schema]:
    """All branches; in a sparse value, those without references first."""
    if not position.sparse:
        return position.rng.rotated(branches)
    return sorted(branches, key=lambda branch: len(str(branch)) if "$ref" not in str(branch) else 1_000_000)
