"""The length of a generated array, and the schemas of its items."""

from collections.abc import Mapping
from typing import Any

from ovs_mock.model.schema_context import SchemaPosition
from ovs_mock.model.schema_merge import Schema


def item_schemas(schema: Mapping[str, Any]) -> tuple[list[Schema], Schema, int]:
    """The schemas of the first items, that of the others, and how many of the others have to match ``contains``."""
    first, others = schema.get("prefixItems", []), schema.get("items", True)
    if isinstance(others, list):  # before 2020-12
        first, others = others, schema.get("additionalItems", True)
    return first, others, int(schema.get("minContains", 1)) if "contains" in schema else 0


def array_length(schema: Mapping[str, Any], position: SchemaPosition) -> int:
    """The number of items: the minimum, or up to two more when the schema describes them."""
    first, others, contained = item_schemas(schema)
    least = max(int(schema.get("minItems", 0)), contained and len(first) + contained)
    if position.sparse:
        wanted = least
    else:
        wanted = max(least, len(first), 0 if isinstance(others, bool) else 1 + position.rng.at("length").below(2))
    most = len(first) if others is False else wanted
    return int(min(wanted, most, schema.get("maxItems", wanted)))
