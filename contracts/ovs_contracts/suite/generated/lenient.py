"""Bodies as a lenient server reads them: FastAPI turns what looks like a number or a boolean into one."""

from collections.abc import Callable, Iterator
from typing import Any

from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from ovs_contracts.documents import Json

BOOLEANS = {"0", "off", "f", "false", "n", "no", "1", "on", "t", "true", "y", "yes"}


def valid_leniently(document: Json, path: str, method: str, body: Any) -> bool:
    """Whether a body is what an operation asks for, once numbers and booleans are read generously."""
    operation = document["paths"][path].get(method)
    if not operation or "requestBody" not in operation:
        return False
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    whole = {"components": document["components"], "allOf": [schema]}
    return bool(LENIENT(whole).is_valid(body))


def _number(value: Any) -> float | None:
    try:
        return float(value) if isinstance(value, str | bool | int | float) else None
    except (ValueError, OverflowError):
        return None


def _is_number(checker: TypeChecker, value: Any) -> bool:
    return _number(value) is not None


def _is_integer(checker: TypeChecker, value: Any) -> bool:
    number = _number(value)
    return number is not None and number.is_integer()


def _is_boolean(checker: TypeChecker, value: Any) -> bool:
    return value.lower() in BOOLEANS if isinstance(value, str) else value in (0, 1)


def _on_numbers(keyword: str) -> Callable[..., Iterator[ValidationError]]:
    """A limit, for numbers that are written in other ways too."""
    plain = Draft202012Validator.VALIDATORS[keyword]

    def limited(validator: Any, limit: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        number = _number(value)
        yield from () if number is None else plain(validator, limit, number, schema) or ()

    return limited


LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
TYPES = Draft202012Validator.TYPE_CHECKER.redefine_many(
    {"number": _is_number, "integer": _is_integer, "boolean": _is_boolean}
)
LENIENT = extend(Draft202012Validator, {keyword: _on_numbers(keyword) for keyword in LIMITS}, type_checker=TYPES)  # type: ignore[no-untyped-call]
