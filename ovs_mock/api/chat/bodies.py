"""Request bodies as FastAPI reads them: a body that is not JSON fails validation like any other mistake."""

import json
import math
from typing import Any

from ovs_mock.api.errors import InvalidBodyError

# Pictures may stand in a request.
MAX_BODY_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 100


def parse(raw: bytes) -> Any:
    """The JSON value of a body, ``{}`` for an empty one; raises InvalidBodyError.

    NaN, infinities and values that are nested absurdly deep count as no JSON.
    """
    if not raw.strip():
        return {}
    try:
        value = json.loads(raw, parse_constant=_no_number, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise _invalid(error.msg, error.pos) from None
    except (ValueError, RecursionError) as error:
        raise _invalid(str(error)) from None
    if _depth_exceeds(value, MAX_DEPTH):
        raise _invalid(f"nested deeper than {MAX_DEPTH}")
    return value


def _invalid(message: str, position: int = 0) -> InvalidBodyError:
    """FastAPI's answer to malformed JSON."""
    details = [{"loc": ["body", position], "msg": f"JSON decode error: {message}", "type": "json_invalid"}]
    return InvalidBodyError(details)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _depth_exceeds(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [inner for outer in level for inner in _inner(outer)]
        if not level:
            return False
    return True


def _inner(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
