"""The names and schemas of a generated object's properties."""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from ovs_mock.model.schema_merge import Schema, merge
from ovs_mock.model.schema_patterns import matching_texts
from ovs_mock.model.schema_strings import WORDS
from ovs_mock.model.seeded_choice import SeededChoice

# The share of the optional properties that is present, and their maximum number.
_OPTIONAL_SHARE = 0.75
_MAX_OPTIONAL = 8
# Maximum number of generated names.
_MAX_INVENTED = 1000
# Generated from one pattern; words appended to them make up to thirteen times as many.
_PATTERN_NAMES = 20


def property_names(schema: Mapping[str, Any], rng: SeededChoice, *, sparse: bool) -> list[str]:
    """The required properties and some optional ones, in the schema's order, within its limits of their number."""
    listed = list(schema.get("properties", {}))
    required = _with_dependents(schema, _required(schema))
    optional = [] if sparse else [name for name in listed if rng.at(name).fraction() < _OPTIONAL_SHARE]
    chosen = set(_with_dependents(schema, [*required, *optional[:_MAX_OPTIONAL]]))
    names = [name for name in listed if name in chosen] + [name for name in required if name not in listed]
    return _within_limits(schema, names, required, rng, sparse=sparse)


def property_schema(schema: Mapping[str, Any], name: str) -> Schema:
    """The schema of a property's value."""
    named = [schema["properties"][name]] if name in schema.get("properties", {}) else []
    by_pattern = [sub for pattern, sub in schema.get("patternProperties", {}).items() if re.search(pattern, name)]
    applicable = named + by_pattern or [schema.get("additionalProperties", True)]
    merged: Schema = True
    for each in applicable:
        merged = merge(merged, each)
    return merged


def _required(schema: Mapping[str, Any]) -> list[str]:
    # Draft 3 has a boolean, in the property.
    required = schema.get("required", [])
    return list(required) if isinstance(required, list) else []


def _with_dependents(schema: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """The names, and those that ``dependentRequired`` requires with them."""
    wanted = {**schema.get("dependencies", {}), **schema.get("dependentRequired", {})}
    complete: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in complete:
            complete[name] = None
            follow = wanted.get(name)
            waiting += follow if isinstance(follow, list) else []
    return list(complete)


def _within_limits(
    schema: Mapping[str, Any], names: list[str], required: list[str], rng: SeededChoice, *, sparse: bool
) -> list[str]:
    most = schema.get("maxProperties", len(names) + _MAX_INVENTED)
    spare = [name for name in names if name not in required]
    while len(names) > most and spare:
        names.remove(spare.pop())
    # A map whose names the schema does not list gets one entry.
    is_map = not schema.get("properties") and isinstance(schema.get("additionalProperties"), Mapping)
    least = max(schema.get("minProperties", 0), 1 if (is_map or "patternProperties" in schema) and not sparse else 0)
    missing = int(min(least, most)) - len(names)
    if missing <= 0:
        return names
    unused = [name for name in schema.get("properties", {}) if name not in names]
    return names + [*unused, *_invented(schema, names, rng)][:missing]


def _invented(schema: Mapping[str, Any], taken: list[str], rng: SeededChoice) -> list[str]:
    """Generated names that the schema does not list, but may allow."""
    names: dict[str, None] = {}
    naming = schema.get("propertyNames")
    patterns = [naming["pattern"]] if isinstance(naming, Mapping) and "pattern" in naming else []
    for pattern in [*patterns, *schema.get("patternProperties", {})]:
        for name in islice(matching_texts(pattern, rng.at(pattern), 1, 40), _PATTERN_NAMES):
            names.update({longer: None for word in ("", *WORDS) if re.search(pattern, longer := name + word)})
    if isinstance(naming, Mapping) and "enum" in naming:
        names.update(dict.fromkeys(naming["enum"]))
    if not patterns and schema.get("additionalProperties") is not False:
        wanted = min(int(schema.get("minProperties", 1)) + len(taken), _MAX_INVENTED)
        names.update({f"{WORDS[n % len(WORDS)]}{n // len(WORDS) or ''}": None for n in range(wanted)})
    return [name for name in names if name not in taken and name not in schema.get("properties", {})]
