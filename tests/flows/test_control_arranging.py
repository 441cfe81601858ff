"""What any client may arrange over HTTP: video, keys and money, models, replies."""

import logging
from typing import Any

import httpx
import pytest
from ovs_support.chat import ChatCaller, frame_url
from ovs_support.v02 import Caller

from ovs_mock import BackgroundMock, Ovs, Settings


def post(mock: Ovs, path: str, json: object) -> httpx.Response:
    return httpx.post(f"{mock.url}/_mock{path}", json=json, timeout=30)


def arranged(mock: Ovs, path: str, json: object) -> dict[str, Any]:
    answer = post(mock, path, json)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def refused(mock: Ovs, path: str, json: object) -> tuple[int, str]:
    """The status and the message."""
    answer = post(mock, path, json)
    assert set(answer.json()) == {"error"}
    return answer.status_code, answer.json()["error"]


def says(answer: httpx.Response) -> str:
    """The words of a chat's answer."""
    content: str = answer.json()["choices"][0]["message"]["content"]
    return content


def test_video_plays_while_the_clock_moves(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    played = arranged(ovs, f"/streams/{stream_id}/play", {"seconds": 3, "fps": 10, "width": 320, "height": 240})
    assert played["frames"] == 30
    assert [e["event"] for e in played["events"]].count("ResultReady") >= 2
    shown = httpx.get(f"{ovs.url}/_mock/streams/{stream_id}").json()
    assert (shown["frames_received"], shown["fps"], shown["frame_width"]) == (30, 10.0, 320)
    assert shown["state"] == "active"


def test_a_chat_reads_which_frame_was_played(ovs: Ovs, v1: ChatCaller) -> None:
    stream_id = v1.stream()
    for _ in range(3):
        arranged(ovs, f"/streams/{stream_id}/play", {"seconds": 250, "fps": 1})
        v1("POST", f"/streams/{stream_id}/keepalive")
    assert v1.status(stream_id)["first_available_frame_index"] >= 149
    assert "stamp 650" in says(v1.chat(frame_url(stream_id, "frame_index=650")))


def test_video_for_an_unknown_or_ended_stream_is_an_error(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    status, why = refused(ovs, "/streams/nobody/play", {"seconds": 1})
    assert (status, stream_id in why) == (404, True)
    assert httpx.get(f"{ovs.url}/_mock/streams/nobody").status_code == 404
    call("DELETE", f"/streams/{stream_id}")
    status, why = refused(ovs, f"/streams/{stream_id}/play", {"seconds": 1})
    assert (status, "has ended" in why) == (409, True)


def test_the_real_clock_plays_nothing() -> None:
    with BackgroundMock(Settings(seed=1), clock="real") as mock, Caller(mock) as call:
        status, why = refused(mock, f"/streams/{call.stream()}/play", {"seconds": 1})
        assert (status, "cannot be moved" in why) == (409, True)


def test_accounts_are_opened_shared_and_closed(ovs: Ovs, call: Caller) -> None:
    opened = arranged(ovs, "/accounts", {"api_key": "ovs-a", "credits_cents": 7})
    assert opened == arranged(ovs, "/accounts", {"api_key": "own-key", "same_user_as": "ovs-a"})
    assert arranged(ovs, "/accounts/balance", {"api_key": "own-key"})["balance_microcents"] == 7_000_000
    assert call.with_key("own-key")("GET", "/models").status_code == 200
    arranged(ovs, "/accounts/revoke", {"api_key": "own-key"})
    assert call.with_key("own-key")("GET", "/models").status_code == 401
    assert refused(ovs, "/accounts/balance", {"api_key": "own-key"})[0] == 404
    assert call.with_key("ovs-a")("GET", "/models").status_code == 200


def test_a_key_may_belong_to_no_user(ovs: Ovs, v1: ChatCaller) -> None:
    arranged(ovs, "/accounts/revoke", {"api_key": "ovs-nobody"})
    arranged(ovs, "/accounts", {"api_key": "ovs-nobody", "without_user": True})
    answer = httpx.post(f"{ovs.v1}/streams", headers={"Authorization": "Bearer ovs-nobody"})
    assert answer.status_code == 403
    assert refused(ovs, "/accounts/balance", {"api_key": "ovs-nobody"})[0] == 404


def test_contradictions_about_an_account_are_errors_without_its_key(ovs: Ovs) -> None:
    status, why = refused(ovs, "/accounts", {"api_key": "ovs-secret", "without_user": True, "credits_cents": 1})
    assert (status, "one of" in why, "secret" in why) == (422, True, False)
    status, why = refused(ovs, "/accounts", {"api_key": "ovs-b", "same_user_as": "secret"})
    assert (status, "same_user_as" in why, "secret" in why) == (404, True, False)


def test_no_key_is_logged(ovs: Ovs, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for path in ("/accounts", "/accounts/balance", "/accounts/revoke"):
            arranged(ovs, path, {"api_key": "ovs-secret"})
    assert "secret" not in caplog.text


def test_the_status_of_known_models_can_be_set(ovs: Ovs, call: Caller) -> None:
    arranged(ovs, "/models", {"model": "Qwen/Qwen3.5-9B", "status": "saturated"})
    assert next(m for m in call("GET", "/models").json() if m["model"] == "Qwen/Qwen3.5-9B")["status"] == "saturated"
    status, why = refused(ovs, "/models", {"model": "qwen", "status": "ready"})
    assert (status, "Qwen/Qwen3.5-9B" in why) == (404, True)
    assert refused(ovs, "/models", {"model": "Qwen/Qwen3.5-9B", "status": "tired"})[0] == 422


def test_a_draining_server_takes_no_streams(ovs: Ovs, v1: ChatCaller) -> None:
    arranged(ovs, "/draining", {"draining": True})
    assert v1("POST", "/streams").status_code == 503
    arranged(ovs, "/draining", {"draining": False})
    assert v1("POST", "/streams").status_code == 201
    assert refused(ovs, "/draining", {"draining": "no"})[0] == 422


def test_chats_are_limited(ovs: BackgroundMock, v1beta: ChatCaller) -> None:
    arranged(ovs, "/limits", {"chats_per_second": 1})
    answers = [v1beta.chat("hi") for _ in range(4)]
    assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {"1"}
    assert {answer.status_code for answer in answers} == {200, 429}
    assert refused(ovs, "/limits", {"chats_per_second": 0})[0] == 422


def test_replies_are_scripted_and_forgotten(ovs: Ovs, v1beta: ChatCaller) -> None:
    arranged(ovs, "/model/replies", {"reply": {"text": "a cat"}, "when": {"prompt": "cat"}, "times": 1})
    arranged(ovs, "/model/replies", {"reply": [{"text": "one"}, {"upstream_status": 500}]})
    assert says(v1beta.chat("any cat?")) == "a cat"
    assert says(v1beta.chat("any cat?")) == "one"
    assert v1beta.chat("any cat?").status_code == 502
    arranged(ovs, "/model/reset", {})
    assert says(v1beta.chat("any cat?")) not in ("a cat", "one")
    status, why = refused(ovs, "/model/replies", {"reply": {"text": 1}})
    assert (status, "reply.0.text" in why) == (422, True)


def test_what_is_not_there_names_what_is(ovs: Ovs) -> None:
    status, why = refused(ovs, "/clock/rewind", {})
    assert (status, "POST /_mock/clock/advance" in why) == (404, True)


@pytest.mark.parametrize("path", ["/accounts", "/accounts/revoke", "/models", "/draining", "/limits", "/nothing"])
def test_all_of_it_is_for_programs_on_this_machine(ovs: Ovs, path: str) -> None:
    answer = httpx.post(f"{ovs.url}/_mock{path}", json={}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_wrong_json_is_an_error(ovs: Ovs) -> None:
    for path in ("/accounts", "/models", "/draining", "/model/replies", "/clock/advance"):
        answer = httpx.post(f"{ovs.url}/_mock{path}", content=b"{nonsense")
        assert (answer.status_code, "JSON" in answer.json()["error"]) == (422, True)
