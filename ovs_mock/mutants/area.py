"""Makes the mutants of one area of the API, with a row for each."""

from dataclasses import dataclass
from typing import Any

from ovs_mock.mutants.mutant import EditResponse, Mutant


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the API, such as ``v02/socket``. With a version, its mutants' names and texts begin with it."""

    name: str
    version: str | None = None

    def __call__(self, name: str, description: str, response: EditResponse | None = None, **hooks: Any) -> Mutant:
        """Return a mutant with these hooks."""
        if self.version is not None:
            name, description = f"{self.version}-{name}", f"{self.version}: {description}"
        return Mutant(name=name, area=self.name, description=description, response=response, **hooks)


def version_area(version: str, topic: str) -> Area:
    """Return the area of a topic in one of the versions that share it."""
    return Area(f"{version}/{topic}", version)
