"""What is written down of each call: the rows of the tables from which documents are made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

Schema = dict[str, Any]
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """One way to answer. Several may share a status; ``name`` tells them apart. Without a schema there is no body."""

    status: int
    description: str
    schema: Schema | None = None
    name: str = ""
    example: Any = None
    media_type: str = JSON
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in the path (``where`` is ``path``) or a header."""

    name: str
    where: str
    description: str
    schema: Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call. ``examples`` are bodies by name; the first is the one that the page shows with curl."""

    method: str
    path: str
    summary: str
    tag: str
    description: str = ""
    needs_key: bool = True
    parameters: tuple[Parameter, ...] = ()
    body: type[BaseModel] | None = None
    body_required: bool = True
    examples: Mapping[str, Any] = field(default_factory=dict)
    replies: tuple[Reply, ...] = ()
    deprecated: bool = False

    @property
    def id(self) -> str:
        """``post_v1_streams``: unlike any other of the same host."""
        words = "".join(c if c.isalnum() else " " for c in self.path).split()
        return "_".join([self.method.lower(), *words])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """All calls under one prefix, and the shapes of their answers by name. ``extensions`` are ``x-…`` members."""

    title: str
    version: str
    prefix: str
    description: str
    operations: tuple[Operation, ...]
    shapes: Mapping[str, Schema]
    extensions: Mapping[str, Any] = field(default_factory=dict)

    def bodies(self) -> Iterator[type[BaseModel]]:
        """Every model of a request body, once."""
        yield from dict.fromkeys(op.body for op in self.operations if op.body is not None)
