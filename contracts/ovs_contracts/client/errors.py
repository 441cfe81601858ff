"""The forms of errors of chat versions and billing. Each function raises a Deviation when an error has another form."""

from typing import Any

from ovs_contracts.documents.versions import ContractVersion
from ovs_contracts.transport.exchange import Deviation, Exchange


def plain(exchange: Exchange, *statuses: int) -> str:
    """The text of ``{"detail": "<text>"}``."""
    match exchange.expect(*statuses).json:
        case {"detail": str(text), **rest} if text and not rest:
            return text
        case body:
            raise form_deviation('{"detail": "<text>"}', body, exchange)


def invalid(exchange: Exchange) -> list[list[str | int]]:
    """The locations that fail validation."""
    body = exchange.expect(422).json
    places = [problem["loc"] for problem in body["details"]] if is_validation_error(body) else []
    if not places or not all(places):
        raise form_deviation('{"error", "message", "details": [{loc, msg, type}]}', body, exchange)
    return places


def is_validation_error(body: Any) -> bool:
    match body:
        case {
            "error": "validation_error",
            "message": "Request validation failed",
            "details": [_, *_] as details,
            **rest,
        }:
            return not rest and all(map(is_problem, details))
        case _:
            return False


def is_region_error(body: Any) -> bool:
    match body:
        case {"detail": {"error": "region_error", "expected_region": str(), "requested_region": str()}}:
            return True
        case _:
            return False


def typed(exchange: Exchange, status: int, kind: str, code: str) -> dict[str, Any]:
    """The typed error of a chat, which has this type and this code."""
    error = typed_body(exchange, status)
    if (error["type"], error["code"]) != (kind, code):
        raise form_deviation(f"type {kind}, code {code}", error, exchange)
    return error


def typed_body(exchange: Exchange, status: int) -> dict[str, Any]:
    """The typed error of a chat: ``{"message", "type", "code"}`` and, where a provider failed, ``upstream``."""
    match exchange.expect(status).json:
        case {"detail": {"error": {"message": str(text), "type": str(), "code": str(), **more} as error, **rest}} if (
            text and not rest and set(more) <= {"upstream"}
        ):
            return dict(error)
        case body:
            raise form_deviation('{"detail": {"error": {message, type, code}}}', body, exchange)


def refused(exchange: Exchange, version: ContractVersion, code: str) -> None:
    """A Deviation unless a chat is refused with this error of its references, as the version has it."""
    status = version.error_statuses[code]
    if version.error_form == "typed":
        typed(exchange, status, "stream_error", code)
    elif status == 422:
        # Either of the two forms that 422 has.
        exchange.expect(status)
    else:
        plain(exchange, status)


def is_problem(problem: Any) -> bool:
    """Whether it is one problem of a validation error: a location, a message and a type."""
    match problem:
        case {"loc": [*loc], "msg": str(), "type": str(), **rest} if not rest:
            return all(isinstance(step, str | int) for step in loc)
        case _:
            return False


def form_deviation(expected: str, body: Any, exchange: Exchange) -> Deviation:
    return Deviation("the error has its form", expected=expected, seen=body, exchange=exchange)
