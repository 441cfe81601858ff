"""Documents that are written in several files, as one that stands by itself."""

from collections.abc import Callable
from posixpath import dirname, join, normpath
from typing import Any

Json = dict[str, Any]

SHAPES = "/components/schemas/"
SHAPE_FILES = "schemas/"
# AsyncAPI wants these to be references.
KEPT = ("/channels/", "/servers/", "/components/securitySchemes/")


def without_parts(shape: Json) -> Json:
    """A shape without those that it brings along, which have come out of it."""
    return {key: value for key, value in shape.items() if key != "$defs"}


class BundlingError(Exception):
    """A reference leads nowhere, or two shapes have one name."""


class Bundler:
    """Follows references from file to file, of one document.

    Shapes (JSON Schemas) come along by name, below ``home``, and references to them stay references; whatever else is
    referred to takes the place of the reference, whose other members then win. ``read`` gives a file's content.
    """

    def __init__(self, read: Callable[[str], Json], home: str) -> None:
        self._read = read
        self._home = home
        self._origins: dict[str, tuple[str, str]] = {}
        self.shapes: Json = {}

    def bundle(self, file: str) -> Json:
        """The file without references to other files; ``shapes`` has what its references name."""
        whole: Json = self._bundled(self._read(file), file)
        return whole

    def _bundled(self, node: Any, file: str) -> Any:
        if isinstance(node, list):
            return [self._bundled(one, file) for one in node]
        if not isinstance(node, dict):
            return node
        members = {name: self._bundled(one, file) for name, one in node.items() if name != "$ref"}
        return self._referred(node["$ref"], file, members) if isinstance(node.get("$ref"), str) else members

    def _referred(self, reference: str, file: str, members: Json) -> Json:
        place, _, pointer = reference.partition("#")
        if pointer.startswith(KEPT):
            return {"$ref": reference, **members}
        target = normpath(join(dirname(file), place)) if place else file
        if pointer.startswith(SHAPES) or target.startswith(SHAPE_FILES):
            return {"$ref": self._home + self._shape(target, pointer), **members}
        return {**self._bundled(self._at(target, pointer), target), **members}

    def _shape(self, file: str, pointer: str) -> str:
        """The name of a shape, which has come along."""
        found = self._at(file, pointer)
        name = pointer.rpartition("/")[2] or str(found["title"])
        origin = self._origins.setdefault(name, (file, pointer))
        if origin != (file, pointer):
            raise BundlingError(f"the shape {name} is in {origin[0]} and in {file}")
        if name not in self.shapes:
            # First, as shapes may hold themselves.
            self.shapes[name] = {}
            self.shapes[name].update(self._bundled(without_parts(found), file))
        return name

    def _at(self, file: str, pointer: str) -> Json:
        found: Any = self._read(file)
        for step in pointer.split("/")[1:]:
            try:
                found = found[step.replace("~1", "/").replace("~0", "~")]
            except KeyError:
                raise BundlingError(f"{file} has no {pointer}") from None
        return dict(found)
