"""The form of errors of v0.2. Each function raises a Deviation when an error has another form."""

from typing import Any

from ovs_contracts.client.errors import form_deviation, is_problem
from ovs_contracts.transport.exchange import Exchange

# The documents list both for a body that fails validation.
INVALID = (400, 422)
FIELDS = {"error", "message", "request_id", "details"}


def refused(exchange: Exchange, *statuses: int) -> dict[str, Any]:
    """The body of an error: ``{"error", "message", "request_id", "details"}``, of which the first is required."""
    match exchange.expect(*statuses).json:
        case {"error": str(error)} as body if error and set(body) <= FIELDS and _texts(body, "message", "request_id"):
            return dict(body)
        case body:
            raise form_deviation('{"error", "message", "request_id", "details"}', body, exchange)


def complete(exchange: Exchange, status: int) -> None:
    """A Deviation unless an error has all four fields, as the OpenAPI document requires."""
    body = refused(exchange, status)
    details = body.get("details")
    sound = details is None or (isinstance(details, list) and all(map(is_problem, details)))
    if set(body) != FIELDS or not isinstance(body["message"], str) or not sound:
        raise form_deviation('{"error", "message", "request_id", "details"}', body, exchange)


def invalid(exchange: Exchange, *fields: str, statuses: tuple[int, ...] = INVALID) -> dict[str, Any]:
    """The body of a validation error, whose locations name these fields."""
    body = refused(exchange, *statuses)
    match body:
        case {"error": "validation_error", "details": [_, *_] as details} if all(map(_is_body_problem, details)):
            named = {str(step) for problem in details for step in problem["loc"]}
        case _:
            raise form_deviation('"validation_error" with details [{loc, msg, type}]', body, exchange)
    if not named.issuperset(fields):
        raise form_deviation(f"a problem located at {', '.join(fields)}", details, exchange)
    return body


def message_of(body: dict[str, Any]) -> str:
    """The texts of an error: its message and those of its problems."""
    return " ".join([body.get("message") or "", *(str(problem["msg"]) for problem in body.get("details") or ())])


def _texts(body: dict[str, Any], *names: str) -> bool:
    return all(isinstance(body.get(name), str | None) for name in names)


def _is_body_problem(problem: Any) -> bool:
    return is_problem(problem) and problem["loc"][:1] == ["body"]
