"""Where in a value something is made, and what is known there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ovs_mock.model.seeded_choice import SeededChoice

# References inside references that are followed at all, and without looking for the shortest way out.
_DEEPEST = 12
_DEEP = 2


class NoValueError(Exception):
    """No value was found that is valid against the schema."""


class UnusableSchemaError(Exception):
    """What should be a schema is none."""


class TooManyStepsError(Exception):
    """An attempt that leads nowhere."""


@dataclass(frozen=True, slots=True)
class ValueHints:
    """Values to prefer for strings and integers, by words that the names of their properties contain."""

    strings: Mapping[str, str] = field(default_factory=dict)
    integers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SchemaPosition:
    """Where in the value something is made."""

    chance: SeededChoice
    sparse: bool
    name: str = ""
    references: int = 0

    def at(self, step: object, *, name: str | None = None) -> "SchemaPosition":
        return replace(self, chance=self.chance.at(step), name=self.name if name is None else name)

    def referenced(self) -> "SchemaPosition":
        deeper = self.references + 1
        if deeper > _DEEPEST:
            raise NoValueError
        return replace(self, chance=self.chance.at("$ref"), references=deeper, sparse=self.sparse or deeper > _DEEP)
