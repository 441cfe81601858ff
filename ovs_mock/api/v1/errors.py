"""v1's errors: ``{"detail": "<text>"}``, and FastAPI's details for what fails validation."""

from ovs_mock.api.chat.errors import INTERNAL, Problem, detail, invalid, unknown_model
from ovs_mock.api.chat.ovs_url import OvsUrlError
from ovs_mock.engine.errors import RefusedError, Why
from ovs_mock.engine.events import ChatFailed
from ovs_mock.engine.inference import FailureKind

REFUSALS: dict[Why, int] = {
    Why.UNAUTHORIZED: 401,
    Why.KEY_WITHOUT_USER: 403,
    Why.INSUFFICIENT_CREDITS: 402,
    Why.STREAM_NOT_FOUND: 404,
    Why.STREAM_OF_ANOTHER_USER: 404,
    Why.CLIP_NOT_FOUND: 404,
    Why.NOT_NATIVE: 400,
    Why.WRONG_REGION: 409,
    Why.UNKNOWN_MODEL: 422,
    Why.NO_VIDEO_MODEL: 422,
    Why.FRAME_EVICTED: 422,
    Why.FRAME_NOT_YET_PRODUCED: 422,
    Why.FRAME_NOT_FOUND: 422,
    Why.SEGMENT_EMPTY: 422,
    Why.SEGMENT_INVALID: 422,
    Why.RATE_LIMITED: 429,
    Why.TOO_MANY_STREAMS: 429,
    Why.DRAINING: 503,
    Why.MODEL_NOT_ACCEPTING: 503,
}

FAILURES: dict[FailureKind, int] = {
    FailureKind.MODEL: 500,
    FailureKind.SAFETY: 400,
    FailureKind.UPSTREAM: 502,
    FailureKind.TIMEOUT: 504,
}


def refused(refusal: RefusedError, *, chat: bool) -> Problem:
    if refusal.why is Why.UNKNOWN_MODEL:
        return unknown_model(refusal)
    # Whether a stream that is not the caller's exists is nobody's business.
    foreign = refusal.why is Why.STREAM_OF_ANOTHER_USER
    return detail(REFUSALS[refusal.why], "Stream not found." if foreign else refusal.message)


def bad_url(error: OvsUrlError) -> Problem:
    return invalid([{"loc": ["body", *error.loc], "msg": error.message, "type": "value_error"}])


def failed(failure: ChatFailed, provider: str) -> Problem:
    return detail(FAILURES[failure.answer.failure], failure.answer.error or "The model failed.")


def internal(*, chat: bool) -> Problem:
    return detail(500, INTERNAL)
