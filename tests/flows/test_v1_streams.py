"""Streams of v1, and what v1beta does in the same way."""

import json
from typing import Any

import jwt
import pytest
from ovs_support.chat import NOBODYS, ChatCaller, detail, places, push
from ovs_support.engine import Blank

from ovs_mock import Ovs, Settings


class TestLife:
    def test_a_stream_begins_with_a_place_to_publish(self, either: ChatCaller) -> None:
        created = either.create()
        assert created["state"] == "active"
        assert created["ttl_seconds"] == 300
        assert set(created["publish"]) == {"type", "url", "token"}
        assert created["publish"]["url"].startswith("ws://")
        assert isinstance(created["expires_at_ms"], int)

    @pytest.mark.parametrize("options", [{}, {"json": {}}, {"content": b"", "headers": {"Content-Type": "text/x"}}])
    def test_a_body_may_be_absent_or_empty(self, either: ChatCaller, options: Any) -> None:
        assert either("POST", "/streams", **options).status_code == 201

    def test_v1_tolerates_any_body(self, v1: ChatCaller) -> None:
        assert v1("POST", "/streams", content=b"{not json").status_code == 201

    def test_it_lives_on_keepalives_for_300_seconds_each(self, ovs: Ovs, either: ChatCaller) -> None:
        stream_id = either.stream()
        ovs.advance(290)
        renewed = either("POST", f"/streams/{stream_id}/keepalive").json()
        assert set(renewed) == {"id", "expires_at_ms", "ttl_seconds", "stream_time_ms", "publish"}
        assert renewed["stream_time_ms"] == 0, "a number, never null"
        ovs.advance(290)
        shown = either.status(stream_id)
        assert shown["state"] == "active"
        assert shown["expires_at_ms"] == renewed["expires_at_ms"]
        ovs.advance(11)
        assert (either.status(stream_id)["state"], either.status(stream_id)["end_reason"]) == ("ended", "expired")
        assert detail(either("POST", f"/streams/{stream_id}/keepalive"))[0] == 404

    def test_each_token_is_new_even_within_a_second(self, either: ChatCaller) -> None:
        created = either.create()
        path = f"/streams/{created['id']}/keepalive"
        tokens = [either("POST", path).json()["publish"]["token"] for _ in range(3)]
        assert len({created["publish"]["token"], *tokens}) == 4
        claims = jwt.decode(tokens[0], options={"verify_signature": False})
        assert claims["video"]["room"] == created["id"]

    def test_deleting_twice_is_the_same_until_the_tombstone_is_gone(self, ovs: Ovs, either: ChatCaller) -> None:
        stream_id = either.stream()
        for _ in range(2):
            deleted = either("DELETE", f"/streams/{stream_id}")
            assert (deleted.status_code, deleted.json()) == (200, {"id": stream_id, "deleted": True})
        assert either.status(stream_id)["end_reason"] == "deleted"
        ovs.advance(61)
        for method in ("GET", "DELETE"):
            assert detail(either(method, f"/streams/{stream_id}")) == (404, "Stream not found.")

    def test_both_versions_know_the_same_streams(self, ovs: Ovs, v1: ChatCaller) -> None:
        stream_id = v1.stream()
        assert v1.other(ovs.v1beta).status(stream_id)["id"] == stream_id


TIMES = ("first_frame_at_ms", "last_frame_at_ms", "first_available_frame_at_ms")
FIELDS = {
    *TIMES,
    *("id", "state", "stream_time_ms", "last_frame_index", "first_available_frame_index", "created_at_ms"),
    *("recent_fps", "retained_frame_count", "evicted_frame_count", "expires_at_ms", "ttl_seconds", "ended_at_ms"),
    *("end_reason", "audio"),
}


class TestTelemetry:
    @pytest.fixture
    def ovs_clock(self) -> str:
        return "frozen"

    def test_before_the_first_frame(self, v1: ChatCaller) -> None:
        shown = v1.status(v1.stream())
        assert set(shown) == FIELDS
        nothing = ("stream_time_ms", *TIMES, "last_frame_index", "first_available_frame_index", "recent_fps")
        assert {shown[name] for name in nothing} == {None}
        assert (shown["retained_frame_count"], shown["evicted_frame_count"]) == (0, 0)
        assert (shown["ended_at_ms"], shown["end_reason"], shown["audio"]) == (None, None, False)

    def test_after_frames_and_eviction(self, ovs: Ovs, either: ChatCaller) -> None:
        stream_id = either.stream(frames=11, every=0.5)
        shown = either.status(stream_id)
        assert (shown["stream_time_ms"], shown["last_frame_index"], shown["recent_fps"]) == (5_000, 10, 2.0)
        assert shown["last_frame_at_ms"] - shown["first_frame_at_ms"] == 5_000
        either("POST", f"/streams/{stream_id}/keepalive")
        ovs.advance(298)
        either("POST", f"/streams/{stream_id}/keepalive")
        ovs.advance(299)
        shown = either.status(stream_id)
        assert (shown["retained_frame_count"], shown["evicted_frame_count"]) == (7, 4)
        assert (shown["first_available_frame_index"], shown["last_frame_index"]) == (4, 10)
        assert shown["first_available_frame_at_ms"] - shown["first_frame_at_ms"] == 2_000
        assert shown["stream_time_ms"] == 602_000

    def test_when_all_frames_have_grown_old(self, ovs: Ovs, either: ChatCaller) -> None:
        stream_id = either.stream(frames=2)
        for _ in range(3):
            ovs.advance(250)
            either("POST", f"/streams/{stream_id}/keepalive")
        shown = either.status(stream_id)
        assert (shown["retained_frame_count"], shown["evicted_frame_count"], shown["last_frame_index"]) == (0, 2, 1)
        assert shown["last_frame_at_ms"] - shown["first_frame_at_ms"] == 1_000
        assert (shown["first_available_frame_index"], shown["first_available_frame_at_ms"]) == (None, None)

    def test_of_an_ended_stream_it_stays_as_it_was(self, ovs: Ovs, either: ChatCaller) -> None:
        stream_id = either.stream(frames=3)
        ovs.advance(1)
        before = either.status(stream_id)
        either("DELETE", f"/streams/{stream_id}")
        ovs.advance(30)
        after = either.status(stream_id)
        for name in (*TIMES, "stream_time_ms", "last_frame_index", "recent_fps", "retained_frame_count"):
            assert after[name] == before[name]
        assert after["ended_at_ms"] - after["created_at_ms"] == 3_000


class TestKeys:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/streams"),
            ("GET", "/streams/x"),
            ("POST", "/streams/x/keepalive"),
            ("DELETE", "/streams/x"),
            ("POST", "/chat/completions"),
        ],
    )
    @pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer sk-other", "Basic b3Zz"])
    def test_every_endpoint_wants_a_key_before_anything_else(
        self, either: ChatCaller, method: str, path: str, header: str | None
    ) -> None:
        either.http.headers.pop("Authorization")
        headers = {} if header is None else {"Authorization": header}
        assert detail(either(method, path, headers=headers))[0] == 401

    def test_a_revoked_key_is_no_key(self, ovs: Ovs, either: ChatCaller) -> None:
        ovs.revoke(either.key)
        assert detail(either("POST", "/streams"))[0] == 401

    def test_a_key_without_a_user_is_forbidden(self, ovs: Ovs, either: ChatCaller) -> None:
        ovs.register_key_without_user("ovs-nobody")
        assert detail(either.with_key("ovs-nobody")("POST", "/streams"))[0] == 403

    def test_another_users_stream_is_as_unknown_as_nobodys(self, either: ChatCaller) -> None:
        stream_id = either.stream()
        other = either.with_key("ovs-mallory")
        for method, path in (("GET", ""), ("POST", "/keepalive"), ("DELETE", "")):
            theirs, nobodys = (other(method, f"/streams/{id_}{path}") for id_ in (stream_id, NOBODYS))
            assert detail(theirs) == detail(nobodys) == (404, "Stream not found.")

    def test_a_stream_of_v02_is_none_of_these(self, ovs: Ovs, either: ChatCaller) -> None:
        body = {"processing": {"interval_seconds": 1}, "inference": {"prompt": "x", "model": "Qwen/Qwen3.5-9B"}}
        v02 = either.other(ovs.v02)("POST", "/streams", body).json()["stream_id"]
        assert detail(either("GET", f"/streams/{v02}"))[0] == 404


class TestErrors:
    @pytest.mark.parametrize("stream_id", ["x", "123", NOBODYS + "0"])
    @pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/keepalive"), ("DELETE", "")])
    def test_ids_are_uuids(self, either: ChatCaller, stream_id: str, method: str, path: str) -> None:
        assert places(either(method, f"/streams/{stream_id}{path}")) == [["path", "stream_id"]]

    def test_a_server_that_drains_takes_no_new_streams(self, ovs: Ovs, either: ChatCaller) -> None:
        stream_id = either.stream()
        ovs.set_draining()
        assert detail(either("POST", "/streams"))[0] == 503
        assert either("POST", f"/streams/{stream_id}/keepalive").status_code == 200

    def test_only_v1_wants_credits_for_a_stream(self, ovs: Ovs, v1: ChatCaller) -> None:
        ovs.set_credits(0)
        assert detail(v1("POST", "/streams"))[0] == 402
        assert v1.other(ovs.v1beta)("POST", "/streams").status_code == 201

    def test_unknown_paths_and_methods_have_the_apis_own_errors(self, either: ChatCaller) -> None:
        assert detail(either("GET", "/nothing"))[0] == 404
        wrong_method = either("PUT", "/streams")
        assert detail(wrong_method)[0] == 405
        assert wrong_method.headers["Allow"]

    def test_a_bug_of_the_mock_is_a_500_and_is_remembered(
        self, ovs: Ovs, either: ChatCaller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ovs.tenant.runtime.engine.state, "models", None)
        assert detail(either("GET", "/models"))[0] == 500
        assert [type(e) for e in ovs.consume_failures()] == [AttributeError]


class TestPublishers:
    @pytest.fixture(params=[False, True])
    def ovs_settings(self, request: pytest.FixtureRequest) -> Settings:
        return Settings(seed=0, end_with_publisher=request.param)

    def test_a_stream_outlives_its_publisher_unless_it_is_set_otherwise(
        self, ovs: Ovs, ovs_settings: Settings, either: ChatCaller
    ) -> None:
        from ovs_mock.engine.commands import PublisherJoined, PublisherLeft

        stream_id = either.stream(frames=1)
        runtime = ovs.tenant.runtime
        ovs._thread.call(lambda: runtime.do(PublisherJoined(stream_id, "publisher", runtime.clock.now() + 10**9)))
        ovs._thread.call(lambda: runtime.do(PublisherLeft(stream_id, "publisher")))
        ovs.advance(1)
        shown = either.status(stream_id)
        if ovs_settings.end_with_publisher:
            reaped = "reaped" if either.base == ovs.v1 else "expired"
            assert (shown["state"], shown["end_reason"]) == ("ended", reaped)
        else:
            assert shown["state"] == "active"


def test_models_are_listed_to_everybody(ovs: Ovs, v1: ChatCaller, v1beta: ChatCaller) -> None:
    for status, model in (("loading", "Qwen/Qwen3.5-9B"), ("unavailable", "google/gemma-4-E4B-it")):
        ovs.set_model_status(model, status)
    for caller in (v1, v1beta):
        caller.http.headers.pop("Authorization")
    old, new = (caller("GET", "/models").json() for caller in (v1, v1beta))
    assert {frozenset(entry) for entry in old["data"]} == {frozenset({"id", "object", "created", "owned_by", "status"})}
    shown = {entry["id"]: entry["status"] for entry in old["data"]}
    assert shown["Qwen/Qwen3.5-9B"] == "loading"
    assert "google/gemma-4-E4B-it" not in shown
    assert all("/" in id_ for id_ in shown)
    shown = {entry["id"]: entry["status"] for entry in new["data"]}
    assert shown["Qwen/Qwen3.5-9B"] == shown["google/gemma-4-E4B-it"] == "unavailable"
    assert shown["gpt-5.4"] == shown["Qwen/Qwen3.6-27B-FP8"] == "ready"


def test_browsers_of_any_origin_may_read_every_answer(either: ChatCaller) -> None:
    origin = {"Origin": "https://app.example"}
    for answer in (either("GET", "/models", headers=origin), either("GET", "/streams/x", headers=origin)):
        assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"
        assert "X-Overshoot-Region" in answer.headers["Access-Control-Expose-Headers"]


def test_pictures_of_any_kind_may_be_pushed(ovs: Ovs, either: ChatCaller) -> None:
    stream_id = either.stream()
    push(ovs, stream_id, Blank(1280, 720))
    assert json.dumps(either.status(stream_id))
