"""What goes wrong, as an answer. The shapes that all versions of chats have; each version has a table of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ovs_mock.api.bodies import Details
from ovs_mock.api.chat.ovs_url import OvsUrlError
from ovs_mock.engine.errors import CommandRejectedError
from ovs_mock.engine.events import ChatFailed

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """An answer that is an error."""

    status: int
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)


class ErrorTable(Protocol):
    """How a version says what goes wrong. ``chat`` tells whether a chat was asked for, or something about a stream."""

    def refused(self, refusal: CommandRejectedError, *, chat: bool) -> ErrorResponse:
        """The engine's rules do not allow it."""
        ...

    def bad_url(self, error: OvsUrlError) -> ErrorResponse:
        """An ``ovs://`` URL cannot be followed."""
        ...

    def failed(self, failure: ChatFailed, provider: str) -> ErrorResponse:
        """The model did not answer."""
        ...

    def internal(self, *, chat: bool) -> ErrorResponse:
        """A bug of the mock."""
        ...


INTERNAL = "The mock failed; its log has the traceback."


def detail(status: int, message: str) -> ErrorResponse:
    """The plain form."""
    return ErrorResponse(status, {"detail": message})


def invalid(details: Details) -> ErrorResponse:
    """A request that fails validation: ``details`` are FastAPI's."""
    body = {"error": "validation_error", "message": "Request validation failed", "details": details}
    return ErrorResponse(422, body)


def unknown_model(refusal: CommandRejectedError) -> ErrorResponse:
    return invalid([{"loc": ["body", "model"], "msg": refusal.message, "type": "value_error"}])


def event(problem: ErrorResponse) -> Json:
    """A problem that comes up while an answer is already being streamed, as OpenAI's clients read it."""
    said = problem.body["detail"]
    if isinstance(said, dict):
        return {"error": said["error"]}
    return {"error": {"message": said, "type": "server_error", "code": problem.status}}
