"""Errors that all versions of chats report in the same form; each version has a table of its own for the others."""

from typing import Any

from aiohttp import web

from ovs_mock.api.errors import Details, ErrorResponse
from ovs_mock.engine.errors import CommandRejectedError


def http_error(status: int, message: str) -> ErrorResponse:
    """The plain form: ``{"detail": "<text>"}``."""
    return ErrorResponse(status, {"detail": message})


def invalid(details: Details, request_id: str | None = None) -> ErrorResponse:
    """A request that fails validation: ``details`` are FastAPI's."""
    body = {"error": "validation_error", "message": "Request validation failed", "details": details}
    return ErrorResponse(422, body)


def unknown_model(error: CommandRejectedError) -> ErrorResponse:
    return invalid([{"loc": ["body", "model"], "msg": error.message, "type": "value_error"}])


def unreadable(error: Exception) -> ErrorResponse | None:
    """A body that cannot be read, such as one that is not compressed as it claims."""
    return http_error(400, "The body cannot be read.") if isinstance(error, web.RequestPayloadError) else None


def event(response: ErrorResponse) -> dict[str, Any]:
    """An error that occurs while a chat is being streamed, in the form that OpenAI's clients read."""
    detail = response.body["detail"]
    if isinstance(detail, dict):
        return {"error": detail["error"]}
    return {"error": {"message": detail, "type": "server_error", "code": response.status}}
