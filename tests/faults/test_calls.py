"""Calls that go wrong, as httpx and openai see them."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI
from ovs_support.chat import MODEL, ChatCaller
from ovs_support.v02 import Caller, body

from ovs_mock import LeakKind, Ovs

SAY = [{"role": "user", "content": "Say a word."}]


@pytest.fixture
def ovs_clock() -> str:
    return "frozen"


@pytest.fixture
def v02(ovs: Ovs) -> Iterator[Caller]:
    with Caller(ovs) as caller:
        yield caller


@pytest.fixture
def v1beta(ovs: Ovs) -> Iterator[ChatCaller]:
    with ChatCaller(ovs, ovs.v1beta) as caller:
        yield caller


def post(ovs: Ovs, path: str, json: Any = None) -> httpx.Response:
    return httpx.post(ovs.url + path, json=json, headers={"Authorization": f"Bearer {ovs.api_key}"})


def test_the_first_two_fail_and_the_third_does_not(ovs: Ovs) -> None:
    fault = ovs.faults.on("POST /v1/streams").status(503).times(2)
    assert [post(ovs, "/v1/streams").status_code for _ in range(3)] == [503, 503, 201]
    assert (fault.used, fault.unused) == (2, False)


def test_faults_are_tried_in_the_order_in_which_they_were_set(ovs: Ovs) -> None:
    ovs.faults.on("POST", "/v1/*").status(503)
    ovs.faults.on("/v1/streams").status(429)
    ovs.faults.on("POST /v1/streams").every(2).status(500).times(1)
    assert [post(ovs, "/v1/streams").status_code for _ in range(5)] == [503, 429, 201, 500, 201]


ERRORS = [
    ("/v0.2/streams", 401, "unauthorized"),
    ("/v0.2/streams", 402, "insufficient_credits"),
    ("/v0.2/streams", 429, "too_many_streams"),
    ("/v0.2/streams", 500, "internal_error"),
    ("/v0.2/streams", 503, "service_unavailable"),
    ("/v0.2/streams", 418, "http_error"),
    ("/v1beta/chat/completions", 402, "billing_denied"),
    ("/v1beta/chat/completions", 429, "rate_limit_error"),
    ("/v1beta/chat/completions", 500, "internal_error"),
    ("/v1beta/chat/completions", 502, "upstream_http_503"),
    ("/v1beta/chat/completions", 504, "upstream_timeout"),
    ("/v1beta/chat/completions", 401, "The API key is not valid."),
    ("/v1beta/streams", 402, "The account has no credits left."),
    ("/v1/chat/completions", 503, "The server is draining or starting up: try again."),
    ("/v1/streams", 418, "I'm a Teapot"),
]


@pytest.mark.parametrize(("path", "status", "message"), ERRORS)
def test_errors_are_the_api_s_own(ovs: Ovs, path: str, status: int, message: str) -> None:
    ovs.faults.on("POST", path).status(status)
    answer = post(ovs, path, {})
    assert (answer.status_code, error_message(answer.json())) == (status, message)


def error_message(problem: Any) -> str:
    detail = problem.get("detail")
    if isinstance(detail, dict):
        return str(detail["error"]["code"])
    return str(detail or problem["error"])


def test_a_rate_limit_has_a_retry_after_header(ovs: Ovs, v1beta: ChatCaller) -> None:
    ovs.faults.on("POST *completions").status(429)
    ovs.faults.on("POST *completions").status(503, retry_after=7)
    refused = v1beta.chat("hi")
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert refused.headers["x-overshoot-region"]
    assert v1beta.chat("hi").headers["retry-after"] == "7"


def test_a_response_with_another_body(ovs: Ovs) -> None:
    on = ovs.faults.on("POST /v1/streams")
    on.status(200, body={"ok": 1}, headers={"x-odd": "yes"})
    on.status(502, body="<html>")
    assert (post(ovs, "/v1/streams").json(), post(ovs, "/v1/streams").text) == ({"ok": 1}, "<html>")


def test_a_delayed_response_waits_for_the_clock(ovs: Ovs) -> None:
    ovs.faults.on("POST /v1/streams").delay(3)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(post, ovs, "/v1/streams")
        ovs.wait_until(lambda: bool(ovs.tenant.runtime.engine.state.streams), description="the stream")
        ovs.advance(2.9)
        assert not answer.done()
        ovs.advance(0.1)
        assert answer.result(5).status_code == 201


def test_the_connection_is_reset_before_the_call_is_carried_out(ovs: Ovs) -> None:
    ovs.faults.on("POST /v1/streams").reset()
    with pytest.raises(httpx.ReadError):
        post(ovs, "/v1/streams")
    assert ovs.streams == []


@pytest.mark.ovs(leaks="warn")
@pytest.mark.filterwarnings("ignore::pytest_ovs_mock.report.OvsLeakWarning")
def test_a_create_that_is_retried_because_its_response_was_lost(ovs: Ovs) -> None:
    ovs.faults.on("POST /v1/streams").lose_answer()
    with pytest.raises(httpx.ReadError):
        post(ovs, "/v1/streams")
    assert post(ovs, "/v1/streams").status_code == 201
    assert len(ovs.streams) == 2
    assert LeakKind.SECOND_STREAM in {leak.kind for leak in ovs.leaks}


def test_truncated_and_malformed_bodies(ovs: Ovs) -> None:
    ovs.faults.on("POST /v1/streams").truncate()
    ovs.faults.on("POST /v1/streams").malform()
    with pytest.raises(httpx.RemoteProtocolError, match=r"incomplete|without sending complete"):
        post(ovs, "/v1/streams")
    answer = post(ovs, "/v1/streams")
    assert answer.status_code == 201
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_error_responses_can_be_truncated_too(ovs: Ovs) -> None:
    nobodys = "/v1/streams/00000000-0000-4000-8000-000000000000/keepalive"
    ovs.faults.on(f"POST {nobodys}").truncate()
    ovs.faults.on("POST /v0.2/nothing").lose_answer()
    with pytest.raises(httpx.RemoteProtocolError):
        post(ovs, nobodys)
    with pytest.raises(httpx.ReadError):
        post(ovs, "/v0.2/nothing")
    assert [(request.path, request.status) for request in ovs.journal.requests()] == [
        (nobodys, 404),
        ("/v0.2/nothing", 404),
    ]


def test_a_clock_that_is_ahead(ovs: Ovs, v1beta: ChatCaller) -> None:
    true = v1beta.create()
    ovs.faults.on("/v1beta/*").skew(-30)
    skewed = v1beta.create()
    assert skewed["expires_at_ms"] - true["expires_at_ms"] == -30_000
    assert v1beta.status(skewed["id"])["created_at_ms"] < ovs.now() * 1000 - 29_999


def test_only_one_stream_or_version(ovs: Ovs, v02: Caller) -> None:
    one, other = v02.stream(), v02.stream()
    ovs.faults.on("*", stream_id=one).status(404).always()
    ovs.faults.on("*", version="v1").status(503)
    assert v02("POST", f"/streams/{other}/keepalive").status_code == 200
    assert v02("POST", f"/streams/{one}/keepalive").json()["error"] == "not_found"
    assert v02("POST", "/streams", body()).status_code == 201
    assert post(ovs, "/v1/streams").status_code == 503


def test_openai_retries_after_429_and_503(ovs: Ovs) -> None:
    soon = {"retry-after-ms": "1"}
    on = ovs.faults.on("POST *completions")
    on.status(429, headers=soon)
    on.status(503, headers=soon)
    with OpenAI(base_url=ovs.v1, api_key=ovs.api_key, max_retries=2) as client:
        chat = client.chat.completions.create(model=MODEL, messages=SAY)  # type: ignore[arg-type]
    assert chat.choices[0].message.content
    assert [request.status for request in ovs.journal.requests("POST")] == [429, 503, 200]


def test_openai_knows_the_errors(ovs: Ovs) -> None:
    ovs.faults.on("POST *completions").status(401)
    with OpenAI(base_url=ovs.v1beta, api_key=ovs.api_key) as client, pytest.raises(openai.AuthenticationError):
        client.chat.completions.create(model=MODEL, messages=SAY)  # type: ignore[arg-type]


def test_a_window_of_the_clock(ovs: Ovs) -> None:
    ovs.faults.between(5, 10).on("POST /v1/streams").status(503)
    ovs.faults.on("POST /v1/streams").at(12).status(402)

    def status_after(seconds: float) -> int:
        ovs.advance(seconds)
        return post(ovs, "/v1/streams").status_code

    assert [status_after(s) for s in (0, 4.9, 0.1, 4.9, 0.1, 1.9, 0.1, 1)] == [201, 201, 503, 503, 201, 201, 402, 201]
