"""Values that are valid against a JSON Schema.

A value is built from what the schema's keywords say, and checked with a validator at each level: a rule that the
building does not know costs another try, never validity. What it cannot find, it says it cannot find.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from jsonschema.exceptions import ValidationError
from referencing.exceptions import Unresolvable

from ovs_mock.model.chance import Chance
from ovs_mock.model.schema_check import dialect_of, rooted
from ovs_mock.model.schema_merge import Schema, merge
from ovs_mock.model.schema_numbers import integers, numbers
from ovs_mock.model.schema_objects import property_names, property_schema
from ovs_mock.model.schema_strings import strings

_ATTEMPTS = 12
# Attempts with optional properties and items; the others make do with what is required.
_RICH_ATTEMPTS = 8
_STEPS_PER_ATTEMPT = 3_000
# References inside references that are followed at all, and without looking for the shortest way out.
_DEEPEST = 12
_DEEP = 2
_UNIQUE_TRIES = 20
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_TYPES_BY_KEYWORD = {
    "object": ("properties", "required", "additionalProperties", "patternProperties", "minProperties"),
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"),
    "string": ("pattern", "format", "minLength", "maxLength"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}


class NoValueError(Exception):
    """No value was found that is valid against the schema."""


@dataclass(frozen=True, slots=True)
class Hints:
    """Values to prefer for strings and integers, by words that the names of their properties contain."""

    strings: Mapping[str, str] = field(default_factory=dict)
    integers: Mapping[str, int] = field(default_factory=dict)


def valid_value(schema: Mapping[str, Any], key: str, hints: Hints | None = None, *, sparse: bool = False) -> Any:
    """A value that is valid against ``schema``: the same for the same key, and with luck another for another.

    With ``sparse``, nothing but what is required. Raises NoValueError. ``schema`` is one that ``check_schema`` passes.
    """
    maker = _Maker(schema, hints or Hints())
    for attempt in range(_RICH_ATTEMPTS if sparse else 0, _ATTEMPTS):
        place = _Place(Chance(key).at(attempt), sparse=attempt >= _RICH_ATTEMPTS)
        with suppress(NoValueError, _TooManyStepsError):
            return maker.make(place)
    raise NoValueError("no value was found that is valid against the output schema")


class _TooManyStepsError(Exception):
    """An attempt that leads nowhere."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the value something is made."""

    chance: Chance
    sparse: bool
    name: str = ""
    references: int = 0

    def at(self, step: object, *, name: str | None = None) -> "_Place":
        return replace(self, chance=self.chance.at(step), name=self.name if name is None else name)

    def referenced(self) -> "_Place":
        deeper = self.references + 1
        if deeper > _DEEPEST:
            raise NoValueError
        return replace(self, chance=self.chance.at("$ref"), references=deeper, sparse=self.sparse or deeper > _DEEP)


class _Maker:
    def __init__(self, schema: Mapping[str, Any], hints: Hints) -> None:
        dialect = dialect_of(schema)
        assert dialect is not None, "the schema has been checked"
        root, registry = rooted(schema)
        self._resolver = registry.resolver(root.id() or "")
        self._schema = schema
        self._hints = hints
        # A registry of its own, or else the validator would fetch what it does not know.
        self._validator = dialect(schema, registry=registry, format_checker=dialect.FORMAT_CHECKER)
        self._steps = 0

    def make(self, place: _Place) -> Any:
        self._steps = 0
        return self._value(self._schema, place)

    def _value(self, schema: Schema, place: _Place) -> Any:
        for value in self._values(schema, place):
            return value
        raise NoValueError

    def _values(self, schema: Schema, place: _Place) -> Iterator[Any]:
        """Valid values, likely ones first."""
        self._steps += 1
        if self._steps > _STEPS_PER_ATTEMPT:
            raise _TooManyStepsError
        if schema is False:
            return
        rules: Mapping[str, Any] = {} if schema is True else schema
        for candidate in self._candidates(rules, place):
            if self._fits(candidate, rules):
                yield candidate

    def _fits(self, value: Any, schema: Mapping[str, Any]) -> bool:
        try:
            return self._validator.evolve(schema=schema).is_valid(value)
        except (RecursionError, Unresolvable, ValidationError):
            return False

    def _candidates(self, schema: Mapping[str, Any], place: _Place) -> Iterator[Any]:
        if "const" in schema:
            yield schema["const"]
        elif "enum" in schema:
            yield from place.chance.rotated(schema["enum"])
        elif (alternatives := self._alternatives(schema, place)) is not None:
            for number, (alternative, where) in enumerate(alternatives):
                yield from self._some(alternative, where.at(number))
        else:
            for type_ in place.chance.rotated(_types(schema)):
                yield from self._of_type(type_, schema, place)

    def _some(self, schema: Schema, place: _Place) -> Iterator[Any]:
        with suppress(NoValueError):
            yield from self._values(schema, place)

    def _alternatives(self, schema: Mapping[str, Any], place: _Place) -> list[tuple[Schema, _Place]] | None:
        """Schemas of which one is enough, each without the keyword that led to them; ``None`` for a plain schema."""
        for keyword in (*_REFERENCES, "anyOf", "oneOf", "if", "allOf"):
            if keyword in schema:
                rest = {key: value for key, value in schema.items() if key != keyword}
                return self._alternatives_of(keyword, schema[keyword], rest, place)
        return None

    def _alternatives_of(
        self, keyword: str, value: Any, rest: dict[str, Any], place: _Place
    ) -> list[tuple[Schema, _Place]]:
        if keyword in _REFERENCES:
            return [(merge(self._target(value), rest), place.referenced())]
        if keyword == "allOf":
            whole: Schema = rest
            for part in value:
                whole = merge(whole, part)
            return [(whole, place)]
        if keyword == "if":
            then, otherwise = rest.pop("then", True), rest.pop("else", True)
            return [(merge(rest, merge(value, then)), place), (merge(rest, otherwise), place)]
        return [(merge(rest, branch), place) for branch in _ordered(value, place)]

    def _target(self, reference: str) -> Schema:
        try:
            target: Schema = self._resolver.lookup(reference).contents
        except Unresolvable:
            raise NoValueError from None
        return target

    def _of_type(self, type_: str, schema: Mapping[str, Any], place: _Place) -> Iterator[Any]:
        match type_:
            case "null":
                yield None
            case "boolean":
                yield from place.chance.rotated([True, False])
            case "integer":
                hint = _hint(self._hints.integers, place.name)
                yield from [] if hint is None else [hint]
                yield from integers(schema, place.chance)
            case "number":
                yield from numbers(schema, place.chance)
            case "string":
                yield from strings(schema, place.chance, _hint(self._hints.strings, place.name))
            case "array":
                yield from self._arrays(schema, place)
            case "object":
                yield from self._objects(schema, place)

    def _objects(self, schema: Mapping[str, Any], place: _Place) -> Iterator[dict[str, Any]]:
        sparsities = (True,) if place.sparse else (False, True)
        for sparse in sparsities:
            made: dict[str, Any] = {}
            for name in property_names(schema, place.chance, sparse=sparse):
                # Whether a property that cannot be made was required, the validator will tell.
                with suppress(NoValueError):
                    made[name] = self._value(property_schema(schema, name), place.at(name, name=name))
            yield made

    def _arrays(self, schema: Mapping[str, Any], place: _Place) -> Iterator[list[Any]]:
        least = int(schema.get("minItems", 0))
        items = self._items(schema, _length(schema, place), place)
        yield items
        for length in range(len(items) - 1, least - 1, -1):
            yield items[:length]

    def _items(self, schema: Mapping[str, Any], length: int, place: _Place) -> list[Any]:
        first, others, contained = _item_schemas(schema)
        items: list[Any] = []
        for position in range(length):
            wanted = first[position] if position < len(first) else others
            if position >= len(first) and contained > 0:
                wanted, contained = merge(wanted, schema["contains"]), contained - 1
            with suppress(NoValueError):
                items.append(self._item(wanted, place.at(position), items if schema.get("uniqueItems") else []))
                continue
            break
        return items

    def _item(self, schema: Schema, place: _Place, different_from: list[Any]) -> Any:
        if not different_from:
            return self._value(schema, place)
        for attempt in range(_UNIQUE_TRIES):
            for value in self._some(schema, place.at(attempt)):
                if self._validator.evolve(schema={"uniqueItems": True}).is_valid([*different_from, value]):
                    return value
        raise NoValueError


def _types(schema: Mapping[str, Any]) -> list[str]:
    """The types that a schema allows; where it does not say, the one that its other keywords are about."""
    types = schema.get("type", "any")
    if types != "any":
        return [types] if isinstance(types, str) else list(types)
    about = [type_ for type_, keywords in _TYPES_BY_KEYWORD.items() if any(key in schema for key in keywords)]
    return about or ["string", "integer", "object", "array", "boolean", "null"]


def _ordered(branches: list[Schema], place: _Place) -> list[Schema]:
    """All branches; deep down, those first that do not lead any deeper."""
    if not place.sparse:
        return place.chance.rotated(branches)
    return sorted(branches, key=lambda branch: len(str(branch)) if "$ref" not in str(branch) else 1_000_000)


def _item_schemas(schema: Mapping[str, Any]) -> tuple[list[Schema], Schema, int]:
    """The schemas of the first items, that of the others, and how many of those have to be what is contained."""
    first, others = schema.get("prefixItems", []), schema.get("items", True)
    if isinstance(others, list):  # before 2020-12
        first, others = others, schema.get("additionalItems", True)
    return first, others, int(schema.get("minContains", 1)) if "contains" in schema else 0


def _length(schema: Mapping[str, Any], place: _Place) -> int:
    """How many items to make: the fewest that will do, or up to two more when the schema says what they are."""
    first, others, contained = _item_schemas(schema)
    least = max(int(schema.get("minItems", 0)), contained and len(first) + contained)
    if place.sparse:
        wanted = least
    else:
        wanted = max(least, len(first), 0 if isinstance(others, bool) else 1 + place.chance.at("length").below(2))
    most = len(first) if others is False else wanted
    return int(min(wanted, most, schema.get("maxItems", wanted)))


def _hint(hints: Mapping[str, Any], name: str) -> Any:
    lowered = name.lower()
    return next((value for word, value in hints.items() if word in lowered), None)
