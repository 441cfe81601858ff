"""v1's errors: ``{"detail": "<text>"}``, and FastAPI's details for what fails validation."""

from ovs_mock.api.chat.errors import INTERNAL, ErrorResponse, detail, invalid, unknown_model
from ovs_mock.api.chat.ovs_url import OvsUrlError
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import ChatFailed
from ovs_mock.engine.inference import FailureKind

REFUSALS: dict[ErrorCode, int] = {
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

FAILURES: dict[FailureKind, int] = {
    FailureKind.MODEL: 500,
    FailureKind.SAFETY: 400,
    FailureKind.UPSTREAM: 502,
    FailureKind.TIMEOUT: 504,
}


def refused(refusal: CommandRejectedError, *, chat: bool) -> ErrorResponse:
    if refusal.code is ErrorCode.UNKNOWN_MODEL:
        return unknown_model(refusal)
    # Whether a stream that is not the caller's exists is nobody's business.
    foreign = refusal.code is ErrorCode.STREAM_OF_ANOTHER_USER
    return detail(REFUSALS[refusal.code], "Stream not found." if foreign else refusal.message)


def bad_url(error: OvsUrlError) -> ErrorResponse:
    return invalid([{"loc": ["body", *error.loc], "msg": error.message, "type": "value_error"}])


def failed(failure: ChatFailed, provider: str) -> ErrorResponse:
    return detail(FAILURES[failure.answer.failure], failure.answer.error or "The model failed.")


def internal(*, chat: bool) -> ErrorResponse:
    return detail(500, INTERNAL)
