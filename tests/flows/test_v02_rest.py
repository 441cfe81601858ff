"""Every endpoint of v0.2, over real HTTP."""

import json
from typing import Any
from uuid import UUID

import jwt
import pytest
from ovs_support.engine import Blank
from ovs_support.v02 import MODEL, Caller, body, push_frame

from ovs_mock import BackgroundMock, Settings
from ovs_mock.engine.events import ResultReady


def error(response: Any) -> tuple[int, str]:
    """Status and name of an error, once its form is checked."""
    problem = response.json()
    assert set(problem) == {"error", "message", "request_id", "details"}
    assert problem["message"]
    return response.status_code, problem["error"]


class TestCreate:
    def test_the_minimal_body_makes_a_native_stream(self, ovs: BackgroundMock, call: Caller) -> None:
        created = call.create()
        assert set(created) == {"stream_id", "livekit", "webrtc", "lease", "turn_servers"}
        assert UUID(created["stream_id"]).version == 4
        assert created["lease"] == {"ttl_seconds": 45}
        assert (created["webrtc"], created["turn_servers"]) == (None, None)
        assert set(created["livekit"]) == {"url", "token"}
        assert created["livekit"]["url"] == ovs.livekit_url

    def test_the_token_opens_the_streams_room_for_publishing(self, call: Caller) -> None:
        created = call.create()
        claims = jwt.decode(created["livekit"]["token"], options={"verify_signature": False})
        assert claims["video"]["room"] == created["stream_id"]
        assert claims["video"]["canPublish"] is True
        assert claims["exp"] - claims["nbf"] == 600

    def test_the_livekit_url_follows_the_callers_way_to_the_mock(self, call: Caller) -> None:
        response = call("POST", "/streams", body(), headers={"Host": "mock.example:99"})
        assert response.json()["livekit"]["url"] == "ws://mock.example:99"

    def test_a_public_url_overrides_it(self) -> None:
        with BackgroundMock(Settings(seed=1), public_url="https://mock.example/") as mock, Caller(mock) as call:
            assert call.create()["livekit"]["url"] == "wss://mock.example"

    def test_a_routing_cookie_is_set(self, call: Caller) -> None:
        assert call("POST", "/streams", body()).cookies["media-gateway-route"]

    def test_unknown_fields_are_tolerated_at_the_top_only(self, call: Caller) -> None:
        assert call.create(extra=1)
        wrong = body()
        wrong["processing"] = {"interval_seconds": 1, "extra": 1}
        assert call("POST", "/streams", wrong).json()["details"] == [
            {"loc": ["body", "processing", "extra"], "msg": "Extra inputs are not permitted", "type": "extra_forbidden"}
        ]

    @pytest.mark.parametrize(
        ("processing", "ok"),
        [
            ({"interval_seconds": 0.1}, True),
            ({"interval_seconds": 60}, True),
            ({"interval_seconds": 0.09}, False),
            ({"interval_seconds": 60.1}, False),
            ({"target_fps": 6, "clip_length_seconds": 0.5, "delay_seconds": 0.5}, True),
            ({"target_fps": 1, "clip_length_seconds": 3, "delay_seconds": 1000}, True),
            ({"target_fps": 5, "clip_length_seconds": 0.5, "delay_seconds": 0.5}, False),
            ({"target_fps": 31, "clip_length_seconds": 1, "delay_seconds": 1}, False),
            ({"target_fps": 0, "clip_length_seconds": 10, "delay_seconds": 1}, False),
            ({"target_fps": 6, "clip_length_seconds": 60.1, "delay_seconds": 1}, False),
            ({"target_fps": 6, "clip_length_seconds": 0.5, "delay_seconds": 0}, False),
            ({"target_fps": 6, "clip_length_seconds": 0.5}, False),
            ({"fps": 30, "sampling_ratio": 0.2, "clip_length_seconds": 0.5, "delay_seconds": 0.5}, True),
            ({"fps": 30, "sampling_ratio": 0.15, "clip_length_seconds": 0.5, "delay_seconds": 0.5}, False),
            ({"fps": 30, "clip_length_seconds": 0.5, "delay_seconds": 0.5}, False),
            ({"fps": 30, "sampling_ratio": 0.09, "clip_length_seconds": 9, "delay_seconds": 0.5}, False),
            ({"fps": 30, "sampling_ratio": 1, "target_fps": 6, "clip_length_seconds": 1, "delay_seconds": 1}, False),
            ({"clip_length_seconds": 1, "delay_seconds": 1}, False),
            ({}, False),
            (None, False),
            ("fast", False),
        ],
    )
    def test_limits_of_processing(self, call: Caller, processing: Any, ok: bool) -> None:  # noqa: FBT001
        response = call("POST", "/streams", body(processing=processing))
        if ok:
            assert response.status_code == 201
        else:
            assert error(response) == (422, "validation_error")
            assert all(d["loc"][:2] == ["body", "processing"] for d in response.json()["details"])

    @pytest.mark.parametrize(
        ("changes", "loc"),
        [
            ({"prompt": ""}, ["body", "inference", "prompt"]),
            ({"model": ""}, ["body", "inference", "model"]),
            ({"model": "nobody/knows"}, ["body", "inference", "model"]),
            ({"backend": "other"}, ["body", "inference", "backend"]),
            ({"max_output_tokens": 0}, ["body", "inference", "max_output_tokens"]),
            ({"max_output_tokens": 129}, ["body", "inference", "max_output_tokens"]),
            ({"output_schema_json": {"type": "nonsense"}}, ["body", "inference", "output_schema_json"]),
            ({"mode": "clip"}, ["body", "mode"]),
            ({"mode": "other"}, ["body", "mode"]),
            ({"source": {"type": "carrier pigeon"}}, ["body", "source"]),
            ({"source": {"type": "livekit", "url": "wss://x"}}, ["body", "source", "token"]),
            ({"source": {"type": "native", "more": 1}}, ["body", "source", "more"]),
        ],
    )
    def test_details_say_where_and_what(self, call: Caller, changes: Any, loc: list[str]) -> None:
        response = call("POST", "/streams", body(**changes))
        assert error(response) == (422, "validation_error")
        (detail,) = response.json()["details"]
        assert set(detail) == {"loc", "msg", "type"}
        assert detail["loc"] == loc

    def test_the_token_rate_error_states_the_sum(self, call: Caller) -> None:
        response = call("POST", "/streams", body(processing={"interval_seconds": 0.5}, max_output_tokens=100))
        message = response.json()["details"][0]["msg"]
        for fact in ("100 tokens", "0.5 s", "200.0 tokens/s", "128 tokens/s", "at most 64"):
            assert fact in message

    def test_the_request_id_of_the_client_is_repeated_in_errors(self, call: Caller) -> None:
        client = {"client": {"request_id": "mine"}}
        for wrong in (body(**client, prompt=""), body(**client, model="nobody/knows"), body(**client, mode="clip")):
            assert call("POST", "/streams", wrong).json()["request_id"] == "mine"

    def test_a_livekit_source_has_no_transport_of_ours(self, call: Caller) -> None:
        created = call.create(source={"type": "livekit", "url": "wss://elsewhere", "token": "secret"})
        assert (created["livekit"], created["webrtc"], created["turn_servers"]) == (None, None, None)

    def test_an_offer_that_is_none_is_a_problem_of_the_source_and_leaves_no_stream(
        self, ovs: BackgroundMock, call: Caller
    ) -> None:
        response = call("POST", "/streams", body(source={"type": "webrtc", "sdp": "nonsense"}))
        assert error(response) == (422, "validation_error")
        assert [s.running for s in ovs.streams] == [False]

    def test_the_sixth_stream_is_too_many(self, call: Caller) -> None:
        for _ in range(5):
            call.create()
        assert error(call("POST", "/streams", body())) == (429, "too_many_streams")

    def test_without_credits_there_is_no_stream(self, ovs: BackgroundMock, call: Caller) -> None:
        ovs.set_credits(0)
        assert error(call("POST", "/streams", body())) == (402, "insufficient_credits")

    def test_a_saturated_model_takes_none(self, ovs: BackgroundMock, call: Caller) -> None:
        ovs.set_model_status(MODEL, "saturated")
        assert error(call("POST", "/streams", body())) == (503, "model_unavailable")


class TestKeys:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/streams"),
            ("POST", "/streams/x/keepalive"),
            ("DELETE", "/streams/x"),
            ("PATCH", "/streams/x/config/prompt"),
            ("GET", "/streams/x/info"),
            ("POST", "/streams/x/spectate"),
            ("POST", "/streams/x/feedback"),
            ("GET", "/streams/feedback"),
            ("GET", "/models"),
            ("POST", "/chat/completions/clip"),
        ],
    )
    @pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer sk-other", "Basic b3Zz", "ovs-bare"])
    def test_every_endpoint_wants_a_key_before_anything_else(
        self, call: Caller, method: str, path: str, header: str | None
    ) -> None:
        call._http.headers.pop("Authorization")
        headers = {} if header is None else {"Authorization": header}
        assert error(call(method, path, headers=headers)) == (401, "unauthorized")

    def test_a_revoked_key_is_no_key(self, ovs: BackgroundMock, call: Caller) -> None:
        ovs.revoke(call.key)
        assert error(call("GET", "/models")) == (401, "unauthorized")

    def test_a_new_key_of_a_known_form_opens_an_account(self, call: Caller) -> None:
        assert call.with_key("ovs_new").create()

    def test_another_users_stream_is_not_found_anywhere(self, call: Caller) -> None:
        stream_id = call.stream()
        other = call.with_key("ovs-mallory")
        for method, path, sent in (
            ("POST", "/keepalive", None),
            ("DELETE", "", None),
            ("PATCH", "/config/prompt", {"prompt": "x"}),
            ("GET", "/info", None),
            ("POST", "/spectate", None),
        ):
            theirs = other(method, f"/streams/{stream_id}{path}", sent)
            nobodys = other(method, f"/streams/00000000-0000-4000-8000-000000000000{path}", sent)
            assert error(theirs) == (404, "not_found")
            assert theirs.json() == nobodys.json()


class TestKeepalive:
    def test_it_charges_renews_and_brings_a_fresh_token(self, ovs: BackgroundMock, call: Caller) -> None:
        created = call.create()
        ovs.advance(15)
        answer = call(
            "POST", f"/streams/{created['stream_id']}/keepalive", headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 200
        renewed = answer.json()
        assert renewed["livekit_token"] != created["livekit"]["token"]
        assert renewed["seconds_charged"] == pytest.approx(15, abs=0.5)
        assert renewed["cost_cents"] == pytest.approx(0.5, abs=0.02)
        del renewed["livekit_token"], renewed["seconds_charged"], renewed["cost_cents"]
        assert renewed == {
            "status": "ok",
            "stream_id": created["stream_id"],
            "ttl_seconds": 45,
            "credits_remaining_cents": 999,
            "state": "pending",
        }

    def test_streams_without_a_room_of_ours_get_no_token(self, call: Caller) -> None:
        stream_id = call.stream(source={"type": "livekit", "url": "wss://elsewhere", "token": "t"})
        assert call("POST", f"/streams/{stream_id}/keepalive").json()["livekit_token"] is None

    def test_without_credits_it_is_402_and_the_lease_runs_out(self, ovs: BackgroundMock, call: Caller) -> None:
        stream_id = call.stream(client={"request_id": "mine"})
        ovs.set_credits(0)
        ovs.advance(30)
        refused = call("POST", f"/streams/{stream_id}/keepalive")
        assert error(refused) == (402, "insufficient_credits")
        assert refused.json()["request_id"] == "mine"
        ovs.advance(20)
        assert ovs.stream(stream_id).end_reason == "insufficient_credits"

    def test_after_the_end_it_is_404_for_as_long_as_it_comes(self, ovs: BackgroundMock, call: Caller) -> None:
        stream_id = call.stream()
        for _ in range(3):
            ovs.advance(46)
            assert error(call("POST", f"/streams/{stream_id}/keepalive")) == (404, "not_found")


class TestDelete:
    def test_first_200_then_204_for_ever(self, ovs: BackgroundMock, call: Caller) -> None:
        stream_id = call.stream()
        first = call("DELETE", f"/streams/{stream_id}")
        assert (first.status_code, first.json()) == (200, {"status": "ok"})
        for _ in range(2):
            again = call("DELETE", f"/streams/{stream_id}")
            assert (again.status_code, again.content) == (204, b"")
            ovs.advance(100)

    def test_an_expired_stream_has_already_closed(self, ovs: BackgroundMock, call: Caller) -> None:
        stream_id = call.stream()
        ovs.advance(46)
        assert call("DELETE", f"/streams/{stream_id}").status_code == 204

    def test_what_never_was_is_404(self, call: Caller) -> None:
        assert error(call("DELETE", "/streams/never")) == (404, "not_found")


class TestPrompt:
    def test_it_answers_with_the_whole_config(self, ovs: BackgroundMock, call: Caller) -> None:
        schema = {"type": "object"}
        stream_id = call.stream(output_schema_json=schema)
        ovs.advance(10)
        config = call("PATCH", f"/streams/{stream_id}/config/prompt", {"prompt": "And now?"}).json()
        assert config.pop("id").startswith("cfg_")
        assert config.pop("created_at") < config.pop("updated_at")
        assert config == {
            "stream_id": stream_id,
            "prompt": "And now?",
            "backend": "overshoot",
            "model": MODEL,
            "output_schema_json": schema,
        }

    def test_a_malformed_stream_id_is_400(self, call: Caller) -> None:
        assert error(call("PATCH", "/streams/abc/config/prompt", {"prompt": "x"})) == (400, "bad_request")

    @pytest.mark.parametrize("wrong", [{"prompt": ""}, {}, {"prompt": "x", "more": 1}, [], "x"])
    def test_an_empty_prompt_or_more_than_a_prompt_is_422(self, call: Caller, wrong: Any) -> None:
        assert error(call("PATCH", f"/streams/{call.stream()}/config/prompt", wrong)) == (422, "validation_error")


class TestInfo:
    def test_before_the_first_frame_everything_is_zero(self, call: Caller) -> None:
        stream_id = call.stream()
        info = call("GET", f"/streams/{stream_id}/info").json()
        assert info.pop("uptime_seconds") >= 0
        assert info == {
            "stream_id": stream_id,
            "source_type": "native",
            "state": "pending",
            "fps": 0.0,
            "frame_width": 0,
            "frame_height": 0,
            "effective_width": 0,
            "effective_height": 0,
            "inferences_completed": 0,
            "inferences_failed": 0,
            "last_inference_latency_seconds": 0.0,
        }

    def test_then_it_tells_what_comes_in(self, ovs: BackgroundMock, call: Caller) -> None:
        stream_id = call.stream()
        push_frame(ovs, stream_id, Blank(1920, 1080))
        ovs.advance(1)
        info = call("GET", f"/streams/{stream_id}/info").json()
        assert info["state"] == "active"
        assert (info["frame_width"], info["frame_height"]) == (1920, 1080)
        assert (info["effective_width"], info["effective_height"]) == (1280, 720)
        assert info["inferences_completed"] == 2

    def test_an_ended_stream_has_none(self, call: Caller) -> None:
        stream_id = call.stream()
        call("DELETE", f"/streams/{stream_id}")
        assert error(call("GET", f"/streams/{stream_id}/info")) == (404, "not_found")


class TestSpectate:
    def test_it_gives_a_token_that_may_only_watch_for_five_minutes(self, ovs: BackgroundMock, call: Caller) -> None:
        stream_id = call.stream()
        answer = call("POST", f"/streams/{stream_id}/spectate").json()
        assert set(answer) == {"livekit"}
        assert answer["livekit"]["url"] == ovs.livekit_url
        claims = jwt.decode(answer["livekit"]["token"], options={"verify_signature": False})
        assert (claims["video"]["canPublish"], claims["video"]["canSubscribe"]) == (False, True)
        assert claims["exp"] - claims["nbf"] == 300

    def test_only_native_streams_can_be_watched(self, call: Caller) -> None:
        stream_id = call.stream(source={"type": "livekit", "url": "wss://elsewhere", "token": "t"})
        assert error(call("POST", f"/streams/{stream_id}/spectate")) == (400, "bad_request")


class TestFeedback:
    def test_what_was_given_is_listed_to_its_giver(self, call: Caller) -> None:
        given = {"rating": 10, "category": "quality", "feedback": "good"}
        assert call("POST", "/streams/abc/feedback", given).json() == {"status": "ok"}
        (listed,) = call("GET", "/streams/feedback").json()
        assert set(listed) == {"id", "stream_id", "rating", "category", "feedback", "created_at", "updated_at"}
        assert {**listed, **given} == listed
        assert call.with_key("ovs-other")("GET", "/streams/feedback").json() == []

    @pytest.mark.parametrize(
        "wrong",
        [
            {"rating": 11, "category": "x"},
            {"rating": -1, "category": "x"},
            {"rating": 1, "category": ""},
            {"rating": 1},
        ],
    )
    def test_its_limits(self, call: Caller, wrong: Any) -> None:
        assert error(call("POST", "/streams/abc/feedback", wrong)) == (422, "validation_error")


class TestModels:
    def test_they_are_a_bare_array_with_settable_status(self, ovs: BackgroundMock, call: Caller) -> None:
        ovs.set_model_status(MODEL, "saturated")
        ovs.set_model_status("Qwen/Qwen3.5-27B", "degraded")
        models = {m["model"]: m for m in call("GET", "/models").json()}
        assert models[MODEL] == {"model": MODEL, "ready": False, "status": "saturated"}
        assert models["Qwen/Qwen3.5-27B"]["ready"] is True
        assert models["Qwen/Qwen3-VL-30B-A3B-Instruct"]["status"] == "ready"


class TestReinfer:
    @pytest.fixture
    def result_id(self, ovs: BackgroundMock, call: Caller) -> str:
        push_frame(ovs, call.stream())
        return next(e.result.inference.id for e in ovs.advance(1) if isinstance(e, ResultReady))

    def ask(self, call: Caller, result_id: str, **changes: Any) -> Any:
        return call(
            "POST", "/chat/completions/clip", {"result_id": result_id, "prompt": "?", "model": MODEL, **changes}
        )

    def test_a_clip_is_404_until_it_is_persisted_and_then_answers(
        self, ovs: BackgroundMock, call: Caller, result_id: str
    ) -> None:
        assert error(self.ask(call, result_id)) == (404, "not_found")
        ovs.advance(1.5)
        ovs.model.reply("a dog, on second thoughts")
        answer = self.ask(call, result_id, temperature=0.2, max_tokens=3).json()
        assert answer.pop("id")
        usage = answer.pop("usage")
        assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
        assert answer == {"model": MODEL, "content": "a dog, on se", "finish_reason": "length"}

    def test_it_takes_an_output_schema(self, ovs: BackgroundMock, call: Caller, result_id: str) -> None:
        ovs.advance(2)
        answer = self.ask(call, result_id, output_schema={"type": "array", "minItems": 2, "items": {"type": "integer"}})
        assert len(json.loads(answer.json()["content"])) >= 2

    @pytest.mark.parametrize(
        "changes", [{"prompt": ""}, {"max_tokens": 0}, {"temperature": -1}, {"output_schema": {"type": "nonsense"}}]
    )
    def test_its_limits(self, call: Caller, result_id: str, changes: Any) -> None:
        assert error(self.ask(call, result_id, **changes)) == (422, "validation_error")

    def test_an_unknown_result_is_404(self, call: Caller) -> None:
        assert error(self.ask(call, "res_nothing")) == (404, "not_found")

    def test_a_model_that_fails_is_a_500(self, ovs: BackgroundMock, call: Caller, result_id: str) -> None:
        ovs.advance(2)
        ovs.model.fail("no GPU is free")
        assert error(self.ask(call, result_id)) == (500, "internal_error")


class TestHttp:
    def test_health_needs_no_key(self, call: Caller) -> None:
        call._http.headers.pop("Authorization")
        assert call("GET", "/healthz").json() == {"status": "ok"}

    @pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b'{"a": 1} x'])
    def test_what_is_not_json_is_400(self, call: Caller, content: bytes) -> None:
        assert error(call("POST", "/streams", content=content)) == (400, "bad_request")

    @pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
    def test_numbers_that_are_none_are_422(self, call: Caller, value: str) -> None:
        content = f'{{"processing": {{"target_fps": 6, "clip_length_seconds": 1, "delay_seconds": {value}}}, '
        content += f'"inference": {{"prompt": "x", "model": "{MODEL}"}}}}'
        assert error(call("POST", "/streams", content=content.encode())) == (422, "validation_error")

    def test_a_huge_body_is_refused(self, call: Caller) -> None:
        assert error(call("POST", "/streams", body(prompt="x" * 2**21))) == (413, "payload_too_large")

    def test_unknown_paths_and_methods_have_the_apis_own_errors(self, call: Caller) -> None:
        assert error(call("GET", "/nothing")) == (404, "not_found")
        wrong_method = call("PUT", "/streams")
        assert error(wrong_method) == (405, "method_not_allowed")
        assert wrong_method.headers["Allow"]

    def test_browsers_of_any_origin_may_call_with_credentials(self, call: Caller) -> None:
        origin = {"Origin": "https://app.example"}
        asked = {**origin, "Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "authorization"}
        preflight = call("OPTIONS", "/streams/x", headers=asked)
        assert preflight.status_code == 200
        assert "DELETE" in preflight.headers["Access-Control-Allow-Methods"]
        assert preflight.headers["Access-Control-Allow-Headers"] == "authorization"
        for answer in (preflight, call("GET", "/models", headers=origin), call("GET", "/nothing", headers=origin)):
            assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"
            assert answer.headers["Access-Control-Allow-Credentials"] == "true"
            assert answer.headers["Vary"] == "Origin"

    def test_a_bug_of_the_mock_is_a_500_and_is_remembered(
        self, ovs: BackgroundMock, call: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ovs._server.runtime.engine.world, "models", None)
        assert error(call("GET", "/models")) == (500, "internal_error")
        assert [type(e) for e in ovs.failures] == [AttributeError]
