"""The journal tells what happened, in order, and hides what is secret."""

import concurrent.futures
import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ovs_support.chat import ChatCaller
from ovs_support.v02 import Caller, results

from ovs_mock import EndReason, Ovs, events
from ovs_mock.journal.entries import EngineEvent, FramesArrived, Request, ServerEvent, SocketClosed
from ovs_mock.journal.journal import Journal
from ovs_mock.journal.matchers import json_mismatches
from ovs_mock.journal.redaction import redacted
from ovs_mock.journal.timeline import timeline

STREAM = {"processing": {"interval_seconds": 1}, "inference": {"prompt": "?", "model": "Qwen/Qwen3.5-9B"}}


def a_request(method: str = "POST", path: str = "/v1/streams", body: str = "") -> Request:
    return Request(0.0, method, path, {}, {}, body, status=201)


def created(call: Caller) -> str:
    return str(call("POST", "/streams", STREAM).json()["stream_id"])


class TestWhatIsWritten:
    def test_calls_with_their_answers(self, ovs: Ovs, call: Caller) -> None:
        stream_id = created(call)
        call("DELETE", f"/streams/{stream_id}")
        first, second = ovs.journal.requests()
        assert (first.method, first.path, first.status) == ("POST", "/v0.2/streams", 201)
        assert first.json == STREAM
        assert first.answer_json["stream_id"] == stream_id
        assert (second.method, second.status, second.answer_json) == ("DELETE", 200, {"status": "ok"})

    def test_refused_calls_and_unknown_paths(self, ovs: Ovs) -> None:
        httpx.get(ovs.v1 + "/streams/x")
        httpx.get(ovs.url + "/nowhere")
        assert [r.status for r in ovs.journal.requests()] == [401, 404]

    async def test_a_session_from_its_socket_to_its_end(self, ovs: Ovs, call: Caller) -> None:
        stream_id = created(call)
        async with results(ovs, stream_id):
            ovs.wait_for_watchers(stream_id)
            ovs.play(stream_id, 1, fps=2)
            ovs.advance(45)
        (ended,) = ovs.journal.events(events.StreamEnded)
        assert ended.reason is EndReason.LEASE_EXPIRED
        assert [m.json["mode"] for m in ovs.journal.messages(sent=True)][:1] == ["frame"]
        (closed,) = ovs.journal.by_kind(SocketClosed)
        assert (closed.code, closed.reason) == (1001, "stream ended: lease_expired")

    def test_the_events_of_a_streamed_chat(self, ovs: Ovs) -> None:
        with ChatCaller(ovs, ovs.v1beta) as caller:
            body = {"model": "Qwen/Qwen3.6-27B-FP8", "messages": [{"role": "user", "content": "hi"}], "stream": True}
            caller.http.post("/chat/completions", json=body)
        assert ovs.journal.by_kind(ServerEvent)[-1].data == "[DONE]"

    def test_frames_in_a_row_as_one_entry(self, ovs: Ovs, call: Caller) -> None:
        stream_id = created(call)
        ovs.play(stream_id, 0.9, fps=10)
        assert sum(entry.count for entry in ovs.journal.by_kind(FramesArrived)) == 9

    def test_everything_in_order(self, ovs: Ovs, call: Caller) -> None:
        stream_id = created(call)
        ovs.play(stream_id, 3, fps=2)
        ovs.advance(60)
        instants = [entry.at for entry in ovs.journal]
        assert all(one <= other for one, other in pairwise(instants))

    def test_calls_of_the_controls_are_not_recorded(self, ovs: Ovs) -> None:
        httpx.get(ovs.url + "/_mock/clock")
        assert not ovs.journal.requests()


class TestSecrets:
    def test_keys_and_tokens_are_hidden(self, ovs: Ovs, call: Caller) -> None:
        stream_id = created(call)
        call("POST", f"/streams/{stream_id}/keepalive")
        everything = repr(ovs.journal.entries)
        assert ovs.api_key not in everything
        assert "eyJ" not in everything
        assert "Bearer ***" in everything

    def test_passwords_of_cameras_are_hidden(self, ovs: Ovs) -> None:
        camera = {"source": {"type": "rtsp", "url": "rtsp://admin:hunter2@camera.example/live"}}
        httpx.post(ovs.v1beta + "/streams", json=camera, headers={"Authorization": f"Bearer {ovs.api_key}"})
        assert "hunter2" not in repr(ovs.journal.entries)

    @given(st.from_regex(r"ovs[-_][A-Za-z0-9]{8,40}", fullmatch=True), st.text(max_size=10))
    def test_a_key_is_hidden_wherever_it_stands(self, key: str, around: str) -> None:
        assert key[8:] not in redacted(f'{around} "{key}" {around}').replace(around, "")


class TestQuestions:
    def test_paths_with_wildcards(self, ovs: Ovs, call: Caller) -> None:
        stream_id = created(call)
        call("POST", f"/streams/{stream_id}/keepalive")
        assert len(ovs.journal.requests(path="/v0.2/streams/*/keepalive")) == 1
        assert len(ovs.journal.requests("POST")) == 2
        assert len(ovs.journal.requests(stream_id=stream_id)) == 1
        assert ovs.journal.requests(status=404) == []

    def test_an_assertion_that_holds_gives_the_calls(self, ovs: Ovs, call: Caller) -> None:
        created(call)
        (request,) = ovs.journal.assert_requested("POST", "/v0.2/streams", json={"inference": {"prompt": "?"}}, times=1)
        assert request.status == 201
        ovs.journal.assert_not_requested("DELETE", "*")

    def test_an_assertion_that_fails_shows_the_nearest_call_and_the_timeline(self, ovs: Ovs, call: Caller) -> None:
        created(call)
        with pytest.raises(AssertionError) as caught:
            ovs.journal.assert_requested("POST", "/v0.2/streams", json={"inference": {"prompt": "What?"}})
        message = str(caught.value)
        assert "POST /v0.2/streams → 201: body.inference.prompt is '?', not 'What?'" in message
        assert "created, lease 45 s" in message

    def test_one_call_too_many(self, ovs: Ovs, call: Caller) -> None:
        created(call)
        created(call)
        with pytest.raises(AssertionError, match=r"expected POST /v0\.2/streams 1 time, and it was called 2 times"):
            ovs.journal.assert_requested("POST", "/v0.2/streams", times=1)

    def test_an_empty_journal(self) -> None:
        with pytest.raises(AssertionError, match="no calls at all"):
            Journal().assert_requested("GET", "*")
        assert timeline([]) == "nothing has happened"


class TestWaiting:
    def test_waits_until_a_call_has_been_made(self, ovs: Ovs, call: Caller) -> None:
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(ovs.journal.wait_for_request, "POST", "/v0.2/streams", times=2)
            created(call)
            with pytest.raises(concurrent.futures.TimeoutError):
                waiting.result(0.05)
            created(call)
            assert len(waiting.result(10)) == 2

    def test_waits_for_a_call_or_for_its_response(self, ovs: Ovs) -> None:
        fault = ovs.faults.on("GET /v1/models").delay(600)
        with ThreadPoolExecutor(1) as threads:
            asking = threads.submit(httpx.get, ovs.v1 + "/models", timeout=30)
            (request,) = ovs.journal.wait_for_request("GET", "/v1/models")
            assert request.status is None
            ovs.wait_until(lambda: fault.used == 1)
            ovs.advance(600)
            (request,) = ovs.journal.wait_for_request("GET", "/v1/models", status=200)
            assert request.answer_json["data"]
            assert asking.result(10).status_code == 200

    def test_waits_for_a_call_with_a_body(self, ovs: Ovs, call: Caller) -> None:
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(
                ovs.journal.wait_for_request, "POST", "*", json={"inference": {"prompt": "And now?"}}
            )
            created(call)
            call("POST", "/streams", {**STREAM, "inference": {"prompt": "And now?", "model": "Qwen/Qwen3.5-9B"}})
            (request,) = waiting.result(10)
            assert request.json["inference"]["prompt"] == "And now?"

    def test_a_timeout_shows_the_calls(self, ovs: Ovs, call: Caller) -> None:
        created(call)
        with pytest.raises(TimeoutError, match=r"waited 0.01 s: expected DELETE /v0.2/streams/\* 1 time, .*0 times"):
            ovs.journal.wait_for_request("DELETE", "/v0.2/streams/*", timeout=0.01)
        assert ovs.journal._listeners == []


class TestBounds:
    def test_the_oldest_entries_go_and_are_counted(self) -> None:
        journal = Journal(limit=3)
        for number in range(5):
            journal.write(a_request(path=f"/{number}"))
        assert [r.path for r in journal.requests()] == ["/2", "/3", "/4"]
        assert journal.dropped == 2
        assert str(journal).startswith("(2 entries before are forgotten)")

    def test_it_can_be_cleared(self) -> None:
        journal = Journal()
        journal.write(a_request())
        journal.clear()
        assert len(journal) == 0

    def test_entries_since_an_instant(self) -> None:
        journal = Journal()
        for at in (1.0, 2.0, 3.0):
            journal.write(EngineEvent(at, events.PromptUpdated(0, "s", "?")))
        assert [entry.at for entry in journal.since(2.0)] == [2.0, 3.0]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_a_value_contains_itself(value: object) -> None:
    assert json_mismatches(value, json.loads(json.dumps(value))) == []


@given(st.dictionaries(st.text(max_size=3), json_values, min_size=1, max_size=3))
def test_a_missing_member_is_named(value: dict[str, object]) -> None:
    gone = next(iter(value))
    rest = {name: item for name, item in value.items() if name != gone}
    assert f"body.{gone} is missing" in json_mismatches(value, rest)
