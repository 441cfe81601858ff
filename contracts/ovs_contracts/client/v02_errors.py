"""The forms that errors of v0.2 have. Each function is a Deviation when the form is another one."""

from typing import Any

from ovs_contracts.transport.exchange import Deviation, Exchange

# The documents list both for a body that fails validation.
INVALID = (400, 422)
FIELDS = {"error", "message", "request_id", "details"}


def refused(exchange: Exchange, *statuses: int) -> dict[str, Any]:
    """The body of a refusal: ``{"error", "message", "request_id", "details"}``, of which the first is required."""
    match exchange.expect(*statuses).json:
        case {"error": str(error)} as body if error and set(body) <= FIELDS and _texts(body, "message", "request_id"):
            return dict(body)
        case body:
            raise _deviation('{"error", "message", "request_id", "details"}', body, exchange)


def invalid(exchange: Exchange, *fields: str, statuses: tuple[int, ...] = INVALID) -> dict[str, Any]:
    """The body of a validation failure, whose problems name these fields somewhere in their locations."""
    body = refused(exchange, *statuses)
    match body:
        case {"error": "validation_error", "details": [_, *_] as details} if all(map(_is_problem, details)):
            named = {str(step) for problem in details for step in problem["loc"]}
        case _:
            raise _deviation('"validation_error" with details [{loc, msg, type}]', body, exchange)
    if not named.issuperset(fields):
        raise _deviation(f"a problem located at {', '.join(fields)}", details, exchange)
    return body


def message_of(body: dict[str, Any]) -> str:
    """All that an error tells a person."""
    return " ".join([body.get("message") or "", *(str(problem["msg"]) for problem in body.get("details") or ())])


def _texts(body: dict[str, Any], *names: str) -> bool:
    return all(isinstance(body.get(name), str | None) for name in names)


def _is_problem(problem: Any) -> bool:
    match problem:
        case {"loc": ["body", *loc], "msg": str(), "type": str()}:
            return all(isinstance(step, str | int) for step in loc)
        case _:
            return False


def _deviation(expected: str, body: Any, exchange: Exchange) -> Deviation:
    return Deviation("the error has its form", expected=expected, seen=body, exchange=exchange)
