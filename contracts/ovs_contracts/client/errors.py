"""The forms that errors of v1, v1beta and billing have. Each function is a Deviation when the form is another one."""

from typing import Any

from ovs_contracts.documents.versions import ContractVersion
from ovs_contracts.transport.exchange import Deviation, Exchange


def plain(exchange: Exchange, *statuses: int) -> str:
    """The text of ``{"detail": "<text>"}``."""
    match exchange.expect(*statuses).json:
        case {"detail": str(text), **rest} if text and not rest:
            return text
        case body:
            raise _deviation('{"detail": "<text>"}', body, exchange)


def invalid(exchange: Exchange) -> list[list[str | int]]:
    """The places that fail validation."""
    match exchange.expect(422).json:
        case {
            "error": "validation_error",
            "message": "Request validation failed",
            "details": [_, *_] as details,
            **rest,
        } if not rest and all(map(_is_problem, details)):
            return [problem["loc"] for problem in details]
        case body:
            raise _deviation('{"error", "message", "details": [{loc, msg, type}]}', body, exchange)


def typed(exchange: Exchange, status: int, kind: str, code: str) -> dict[str, Any]:
    """The error of v1beta's envelope, which has this type and this code."""
    match exchange.expect(status).json:
        case {"detail": {"error": {"message": str(text), "type": str(), "code": str(), **more} as error, **rest}} if (
            text and not rest and set(more) <= {"upstream"}
        ):
            if (error["type"], error["code"]) != (kind, code):
                raise _deviation(f"type {kind}, code {code}", error, exchange)
            return dict(error)
        case body:
            raise _deviation('{"detail": {"error": {message, type, code}}}', body, exchange)


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


def _is_problem(problem: Any) -> bool:
    match problem:
        case {"loc": [_, *_] as loc, "msg": str(), "type": str()}:
            return all(isinstance(step, str | int) for step in loc)
        case _:
            return False


def _deviation(expected: str, body: Any, exchange: Exchange) -> Deviation:
    return Deviation("the error has its form", expected=expected, seen=body, exchange=exchange)
