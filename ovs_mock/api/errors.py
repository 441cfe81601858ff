"""Errors of requests, and the responses that report them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import ChatFailed

Details = list[dict[str, Any]]
INTERNAL = "The mock failed; its log has the traceback."
STATUSES: Mapping[ErrorCode, int] = {
    ErrorCode.UNAUTHORIZED: 401,
    ErrorCode.KEY_WITHOUT_USER: 403,
    ErrorCode.INSUFFICIENT_CREDITS: 402,
    ErrorCode.STREAM_NOT_FOUND: 404,
    ErrorCode.STREAM_OF_ANOTHER_USER: 404,
    ErrorCode.CLIP_NOT_FOUND: 404,
    ErrorCode.NOT_NATIVE: 400,
    ErrorCode.WRONG_REGION: 409,
    ErrorCode.UNKNOWN_MODEL: 422,
    ErrorCode.NO_VIDEO_MODEL: 422,
    ErrorCode.FRAME_EVICTED: 422,
    ErrorCode.FRAME_NOT_YET_PRODUCED: 422,
    ErrorCode.FRAME_NOT_FOUND: 422,
    ErrorCode.SEGMENT_EMPTY: 422,
    ErrorCode.SEGMENT_INVALID: 422,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.TOO_MANY_STREAMS: 429,
    ErrorCode.DRAINING: 503,
    ErrorCode.MODEL_NOT_ACCEPTING: 503,
}
"""The status of each rejection. A version that deviates says so in its own table."""


class MalformedJsonError(Exception):
    """The body is not JSON."""


class MalformedStreamIdError(Exception):
    """A stream id that is not a UUID."""


class InvalidBodyError(Exception):
    """The request fails validation. ``details`` have FastAPI's form: loc, msg, type."""

    def __init__(self, details: Details) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, d['loc']))}: {d['msg']}" for d in details))
        self.details = details


class OvsUrlError(Exception):
    """An ``ovs://`` URL that cannot be resolved. ``loc`` is its place in the request body, once that is known."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.loc: tuple[str | int, ...] = ()


class StreamUrlError(OvsUrlError):
    """The URL does not have the form ``ovs://streams/<id>?…``."""


class QueryParamError(OvsUrlError):
    """A query parameter is missing, given twice, unknown or malformed."""


def problem(loc: Sequence[str | int], msg: str, kind: str = "value_error") -> InvalidBodyError:
    """An invalid body, for a reason that a pydantic model does not check."""
    return InvalidBodyError([{"loc": ["body", *loc], "msg": msg, "type": kind}])


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """A response that reports an error: its status, JSON body and own headers."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


class ErrorTable(Protocol):
    """How a version reports errors. ``chat`` tells whether the request is a chat completion."""

    def rejected(self, error: CommandRejectedError, *, chat: bool = False) -> ErrorResponse:
        """The engine's rules do not allow the request."""
        ...

    def invalid(self, details: Details, request_id: str | None = None) -> ErrorResponse:
        """The request fails validation; ``request_id`` is the caller's own, if it gave one."""
        ...

    def bad_request(self, error: Exception) -> ErrorResponse | None:
        """The request cannot be read; ``None`` when the error has another cause, which is a bug of the mock."""
        ...

    def http_error(self, status: int, message: str) -> ErrorResponse:
        """An error of HTTP itself: an unknown path, a wrong method, a body that is too large."""
        ...

    def internal(self, *, chat: bool = False) -> ErrorResponse:
        """A bug of the mock."""
        ...

    def failed(self, failure: ChatFailed, provider: str) -> ErrorResponse:
        """The model did not answer a chat."""
        ...
