"""Every version has an answer to everything."""

import json

import pytest

from ovs_mock.api.chat.errors import event
from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.api.errors import ErrorResponse, QueryParamError, StreamUrlError
from ovs_mock.api.v1.version import V1
from ovs_mock.api.v1beta.version import V1BETA
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode, RegionError
from ovs_mock.engine.events import ChatFailed
from ovs_mock.engine.inference import Answer, FailureKind
from ovs_mock.engine.limits import Allowance, RateLimitedError
from ovs_mock.engine.models import ModelStatus
from ovs_mock.engine.stream import EndReason

both = pytest.mark.parametrize("version", [V1, V1BETA], ids=lambda version: version.prefix)


def reported(version: ChatVersion, error: Exception) -> ErrorResponse:
    response = version.errors.bad_request(error)
    assert response is not None
    return response


def refusal(why: ErrorCode) -> CommandRejectedError:
    if why is ErrorCode.WRONG_REGION:
        return RegionError("us-west1", "us-central1")
    return (
        RateLimitedError(Allowance(5, 0, 7_000_000))
        if why is ErrorCode.RATE_LIMITED
        else CommandRejectedError(why, "because")
    )


@both
@pytest.mark.parametrize("chat", [True, False])
@pytest.mark.parametrize("why", ErrorCode)
def test_every_rejection_has_a_status_and_a_body(version: ChatVersion, why: ErrorCode, chat: bool) -> None:  # noqa: FBT001
    problem = version.errors.rejected(refusal(why), chat=chat)
    assert 400 <= problem.status < 600
    assert set(problem.body) in ({"detail"}, {"error", "message", "details"})
    assert json.dumps(problem.body)


@both
@pytest.mark.parametrize("kind", FailureKind)
def test_every_failure_has_a_status_and_a_body_also_in_the_middle_of_an_answer(
    version: ChatVersion, kind: FailureKind
) -> None:
    failure = ChatFailed(0, "chatcmpl_1", "gpt-5.4", Answer(error="no", failure=kind, finish_reason=None))
    problem = version.errors.failed(failure, "openai")
    assert problem.status >= 400
    assert event(problem)["error"]["message"] == "no"


@both
def test_every_end_and_every_status_has_a_name(version: ChatVersion) -> None:
    assert set(version.end_reasons) == set(EndReason)
    assert set(version.model_statuses) == set(ModelStatus)


def test_v1beta_has_no_end_reason_reaped() -> None:
    assert set(V1BETA.end_reasons.values()) == {"deleted", "expired"}
    assert set(V1.end_reasons.values()) == {"deleted", "expired", "reaped"}


def test_v1_never_tells_that_a_stream_is_another_users() -> None:
    problems = [V1.errors.rejected(CommandRejectedError(why, "Stream not found."), chat=True) for why in NOT_MINE]
    assert problems[0] == problems[1]
    assert (
        V1.errors.rejected(CommandRejectedError(ErrorCode.STREAM_OF_ANOTHER_USER, "a secret"), chat=True) == problems[0]
    )


NOT_MINE = (ErrorCode.STREAM_NOT_FOUND, ErrorCode.STREAM_OF_ANOTHER_USER)


@pytest.mark.parametrize(
    ("why", "status", "kind", "code"),
    [
        (ErrorCode.INSUFFICIENT_CREDITS, 402, "billing_error", "billing_denied"),
        (ErrorCode.STREAM_OF_ANOTHER_USER, 403, "stream_error", "stream_unauthorized"),
        (ErrorCode.STREAM_NOT_FOUND, 404, "stream_error", "stream_not_found"),
        (ErrorCode.SEGMENT_EMPTY, 404, "stream_error", "segment_empty"),
        (ErrorCode.SEGMENT_INVALID, 400, "stream_error", "segment_invalid"),
        (ErrorCode.FRAME_NOT_YET_PRODUCED, 409, "stream_error", "frame_not_yet_produced"),
        (ErrorCode.FRAME_EVICTED, 410, "stream_error", "frame_evicted"),
        (ErrorCode.NO_VIDEO_MODEL, 400, "validation_error", "model_video_unsupported"),
        (ErrorCode.MODEL_NOT_ACCEPTING, 503, "provider_error", "model_unavailable"),
    ],
)
def test_v1beta_types_errors_of_chats_and_not_those_of_streams(
    why: ErrorCode, status: int, kind: str, code: str
) -> None:
    refused = CommandRejectedError(why, "because")
    chat = V1BETA.errors.rejected(refused, chat=True)
    assert (chat.status, chat.body) == (
        status,
        {"detail": {"error": {"message": "because", "type": kind, "code": code}}},
    )
    assert V1BETA.errors.rejected(refused, chat=False).body == {"detail": "because"}


@pytest.mark.parametrize("why", [ErrorCode.UNAUTHORIZED, ErrorCode.KEY_WITHOUT_USER, ErrorCode.DRAINING])
def test_v1beta_keeps_the_plain_form_for_keys_and_draining(why: ErrorCode) -> None:
    assert V1BETA.errors.rejected(CommandRejectedError(why, "because"), chat=True).body == {"detail": "because"}


def test_v1beta_sends_rate_limit_headers() -> None:
    problem = V1BETA.errors.rejected(refusal(ErrorCode.RATE_LIMITED), chat=True)
    assert problem.status == 429
    assert problem.headers == {
        "x-ratelimit-limit": "5",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": "7",
        "retry-after": "1",
    }


def test_v1beta_names_both_regions() -> None:
    assert V1BETA.errors.rejected(refusal(ErrorCode.WRONG_REGION), chat=False).body == {
        "detail": {"error": "region_error", "expected_region": "us-west1", "requested_region": "us-central1"}
    }


@pytest.mark.parametrize(
    ("kind", "upstream_status", "status", "code"),
    [
        (FailureKind.SAFETY, None, 400, "provider_safety_block"),
        (FailureKind.UPSTREAM, 529, 502, "upstream_http_529"),
        (FailureKind.UPSTREAM, None, 502, "upstream_request_failed"),
        (FailureKind.TIMEOUT, None, 504, "upstream_timeout"),
        (FailureKind.MODEL, None, 500, "internal_error"),
    ],
)
def test_v1beta_reports_the_error_of_a_provider(
    kind: FailureKind, upstream_status: int | None, status: int, code: str
) -> None:
    answer = Answer(error="no", failure=kind, upstream_status=upstream_status, finish_reason=None)
    problem = V1BETA.errors.failed(ChatFailed(0, "x", "gpt-5.4", answer), "openai")
    error = problem.body["detail"]["error"]
    assert (problem.status, error["code"]) == (status, code)
    upstream = {"provider": "openai", "status": upstream_status, "body": "no", "rate_limits": None}
    assert error.get("upstream") == (upstream if kind is FailureKind.UPSTREAM else None)


def test_bad_urls_are_validation_in_v1_and_typed_in_v1beta() -> None:
    error = QueryParamError("no")
    error.loc = ("messages", 0)
    assert reported(V1, error).body["details"] == [{"loc": ["body", "messages", 0], "msg": "no", "type": "value_error"}]
    codes = [reported(V1BETA, e).body["detail"]["error"]["code"] for e in (error, StreamUrlError("no"))]
    assert codes == ["query_param_invalid", "stream_url_invalid"]
