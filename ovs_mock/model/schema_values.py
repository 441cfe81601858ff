"""Values that are valid against a JSON Schema.

The generator builds a value from the schema's keywords, and checks it with a validator at each level: a rule that the
generator does not know costs another attempt, never validity. It raises NoValueError when it finds no value.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from jsonschema.exceptions import ValidationError
from referencing.exceptions import Unresolvable

from ovs_mock.model.schema_alternatives import alternatives
from ovs_mock.model.schema_arrays import array_length, item_schemas
from ovs_mock.model.schema_check import dialect_of, rooted
from ovs_mock.model.schema_context import NoValueError, SchemaPosition, TooManyStepsError, ValueHints
from ovs_mock.model.schema_merge import Schema, merge
from ovs_mock.model.schema_numbers import integers, numbers
from ovs_mock.model.schema_objects import property_names, property_schema
from ovs_mock.model.schema_strings import strings
from ovs_mock.model.seeded_choice import SeededChoice

_ATTEMPTS = 12
# Attempts with optional properties and items; the others generate only what is required.
_RICH_ATTEMPTS = 8
_STEPS_PER_ATTEMPT = 3_000
_UNIQUE_TRIES = 20
_TYPES_BY_KEYWORD = {
    "object": ("properties", "required", "additionalProperties", "patternProperties", "minProperties"),
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"),
    "string": ("pattern", "format", "minLength", "maxLength"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}


def valid_value(schema: Mapping[str, Any], key: str, hints: ValueHints | None = None, *, sparse: bool = False) -> Any:
    """A value that is valid against ``schema``, which ``check_schema`` has passed: the same for the same key.

    With ``sparse``, only what is required. Raises NoValueError.
    """
    generator = _ValueGenerator(schema, hints or ValueHints())
    for attempt in range(_RICH_ATTEMPTS if sparse else 0, _ATTEMPTS):
        position = SchemaPosition(SeededChoice(key).at(attempt), sparse=attempt >= _RICH_ATTEMPTS)
        with suppress(NoValueError, TooManyStepsError):
            return generator.generate(position)
    raise NoValueError("no value was found that is valid against the output schema")


class _ValueGenerator:
    def __init__(self, schema: Mapping[str, Any], hints: ValueHints) -> None:
        dialect = dialect_of(schema)
        assert dialect is not None, "the schema has been checked"
        root, registry = rooted(schema)
        self._resolver = registry.resolver(root.id() or "")
        self._schema = schema
        self._hints = hints
        # With its own registry: the default one would fetch what it does not know.
        self._validator = dialect(schema, registry=registry, format_checker=dialect.FORMAT_CHECKER)
        self._steps = 0

    def generate(self, position: SchemaPosition) -> Any:
        self._steps = 0
        return self._value(self._schema, position)

    def _value(self, schema: Schema, position: SchemaPosition) -> Any:
        for value in self._values(schema, position):
            return value
        raise NoValueError

    def _values(self, schema: Schema, position: SchemaPosition) -> Iterator[Any]:
        """Valid values, the most natural ones first."""
        self._steps += 1
        if self._steps > _STEPS_PER_ATTEMPT:
            raise TooManyStepsError
        if schema is False:
            return
        rules: Mapping[str, Any] = {} if schema is True else schema
        for candidate in self._candidates(rules, position):
            if self._fits(candidate, rules):
                yield candidate

    def _fits(self, value: Any, schema: Mapping[str, Any]) -> bool:
        try:
            return self._validator.evolve(schema=schema).is_valid(value)
        except (RecursionError, Unresolvable, ValidationError):
            return False

    def _candidates(self, schema: Mapping[str, Any], position: SchemaPosition) -> Iterator[Any]:
        if "const" in schema:
            yield schema["const"]
        elif "enum" in schema:
            yield from position.rng.rotated(schema["enum"])
        elif (simpler := alternatives(schema, position, self._target)) is not None:
            for number, (alternative, where) in enumerate(simpler):
                yield from self._values_or_none(alternative, where.at(number))
        else:
            for type_ in position.rng.rotated(_types(schema)):
                yield from self._of_type(type_, schema, position)

    def _values_or_none(self, schema: Schema, position: SchemaPosition) -> Iterator[Any]:
        with suppress(NoValueError):
            yield from self._values(schema, position)

    def _target(self, reference: str) -> Schema:
        try:
            target: Schema = self._resolver.lookup(reference).contents
        except Unresolvable:
            raise NoValueError from None
        return target

    def _of_type(self, type_: str, schema: Mapping[str, Any], position: SchemaPosition) -> Iterator[Any]:
        match type_:
            case "null":
                yield None
            case "boolean":
                yield from position.rng.rotated([True, False])
            case "integer":
                hint = _hint(self._hints.integers, position.name)
                yield from [] if hint is None else [hint]
                yield from integers(schema, position.rng)
            case "number":
                yield from numbers(schema, position.rng)
            case "string":
                yield from strings(schema, position.rng, _hint(self._hints.strings, position.name))
            case "array":
                yield from self._arrays(schema, position)
            case "object":
                yield from self._objects(schema, position)

    def _objects(self, schema: Mapping[str, Any], position: SchemaPosition) -> Iterator[dict[str, Any]]:
        sparsities = (True,) if position.sparse else (False, True)
        for sparse in sparsities:
            value: dict[str, Any] = {}
            for name in property_names(schema, position.rng, sparse=sparse):
                # The validator rejects the object when a property without a value is required.
                with suppress(NoValueError):
                    value[name] = self._value(property_schema(schema, name), position.at(name, name=name))
            yield value

    def _arrays(self, schema: Mapping[str, Any], position: SchemaPosition) -> Iterator[list[Any]]:
        least = int(schema.get("minItems", 0))
        items = self._items(schema, array_length(schema, position), position)
        yield items
        for length in range(len(items) - 1, least - 1, -1):
            yield items[:length]

    def _items(self, schema: Mapping[str, Any], length: int, position: SchemaPosition) -> list[Any]:
        first, others, contained = item_schemas(schema)
        items: list[Any] = []
        for index in range(length):
            wanted = first[index] if index < len(first) else others
            if index >= len(first) and contained > 0:
                wanted, contained = merge(wanted, schema["contains"]), contained - 1
            with suppress(NoValueError):
                items.append(self._item(wanted, position.at(index), items if schema.get("uniqueItems") else []))
                continue
            break
        return items

    def _item(self, schema: Schema, position: SchemaPosition, different_from: list[Any]) -> Any:
        if not different_from:
            return self._value(schema, position)
        for attempt in range(_UNIQUE_TRIES):
            for value in self._values_or_none(schema, position.at(attempt)):
                if self._validator.evolve(schema={"uniqueItems": True}).is_valid([*different_from, value]):
                    return value
        raise NoValueError


def _types(schema: Mapping[str, Any]) -> list[str]:
    """The types that a schema allows; without ``type``, those that its other keywords apply to."""
    types = schema.get("type", "any")
    if types != "any":
        return [types] if isinstance(types, str) else list(types)
    implied = [type_ for type_, keywords in _TYPES_BY_KEYWORD.items() if any(key in schema for key in keywords)]
    return implied or ["string", "integer", "object", "array", "boolean", "null"]


def _hint(hints: Mapping[str, Any], name: str) -> Any:
    lowered = name.lower()
    return next((value for word, value in hints.items() if word in lowered), None)
