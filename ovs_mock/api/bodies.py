"""Request bodies: from bytes to a checked pydantic model."""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)
Details = list[dict[str, Any]]


class MalformedJsonError(Exception):
    """The body is not JSON."""


class InvalidBodyError(Exception):
    """The body is JSON, but not what was asked for. ``details`` in FastAPI's form: loc, msg, type."""

    def __init__(self, details: Details) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, d['loc']))}: {d['msg']}" for d in details))
        self.details = details


def parse_json(raw: bytes) -> Any:
    """The JSON value of a body; ``{}`` for an empty one, which clients send with a JSON content type."""
    if not raw.strip():
        return {}
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise MalformedJsonError(str(error)) from None


def validate(model: type[M], value: object, tags: frozenset[str] = frozenset()) -> M:
    """``value`` as ``model``; ``tags`` are names of union members, which are left out of locations."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise InvalidBodyError([_detail(e, tags) for e in error.errors(include_url=False)]) from None


def problem(loc: Sequence[str | int], msg: str, kind: str = "value_error") -> InvalidBodyError:
    """An invalid body for a reason that pydantic does not know of."""
    return InvalidBodyError([{"loc": ["body", *loc], "msg": msg, "type": kind}])


def _detail(error: ErrorDetails, tags: frozenset[str]) -> dict[str, Any]:
    # A union's member is named right after the field that holds the union.
    loc = [part for depth, part in enumerate(error["loc"]) if not (depth == 1 and part in tags)]
    return {"loc": ["body", *loc], "msg": error["msg"], "type": error["type"]}
