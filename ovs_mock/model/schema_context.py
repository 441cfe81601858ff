"""The position in a value for which a part is generated, and the values that are known."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ovs_mock.model.seeded_choice import SeededChoice

# Nested references that are followed at all, and before values become sparse.
_MAX_REFERENCES = 12
_MAX_RICH_REFERENCES = 2


class NoValueError(Exception):
    """No value was found that is valid against the schema."""


class UnusableSchemaError(Exception):
    """The schema is not a valid JSON Schema."""


class TooManyStepsError(Exception):
    """The attempt took more steps than allowed."""


@dataclass(frozen=True, slots=True)
class ValueHints:
    """Preferred strings and integers, by words that the names of their properties contain."""

    strings: Mapping[str, str] = field(default_factory=dict)
    integers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SchemaPosition:
    """A position in the value: its random numbers, the property's name, and the number of references so far."""

    rng: SeededChoice
    sparse: bool
    name: str = ""
    references: int = 0

    def at(self, step: object, *, name: str | None = None) -> "SchemaPosition":
        return replace(self, rng=self.rng.at(step), name=self.name if name is None else name)

    def referenced(self) -> "SchemaPosition":
        deeper = self.references + 1
        if deeper > _MAX_REFERENCES:
            raise NoValueError
        return replace(
            self, rng=self.rng.at("$ref"), references=deeper, sparse=self.sparse or deeper > _MAX_RICH_REFERENCES
        )
