"""Request bodies: from bytes to a checked pydantic model."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from ovs_mock.api.errors import InvalidBodyError, MalformedJsonError
from ovs_mock.model import check_schema

M = TypeVar("M", bound=BaseModel)


class LenientBody(BaseModel):
    """An object whose unknown fields mean nothing. Its validator is built when the first one is checked."""

    # No message repeats what was sent: the URL of a camera holds credentials.
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False, hide_input_in_errors=True, defer_build=True)


class StrictBody(LenientBody):
    """An object whose unknown fields are errors."""

    model_config = ConfigDict(extra="forbid")


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


def checked_schema(schema: dict[str, Any] | None) -> dict[str, Any] | None:
    """A JSON Schema, if replies can follow it."""
    message = None if schema is None else check_schema(schema)
    if message is not None:
        raise PydanticCustomError("json_schema", "not a valid JSON Schema: {message}", {"message": message})
    return schema


def _detail(error: ErrorDetails, tags: frozenset[str]) -> dict[str, Any]:
    # A union's member is named right after the field that holds the union.
    loc = [part for depth, part in enumerate(error["loc"]) if not (depth == 1 and part in tags)]
    return {"loc": ["body", *loc], "msg": error["msg"], "type": error["type"]}
