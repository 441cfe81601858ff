"""Keys, models, feedback, reinfer and plain HTTP of v0.2."""

import json
from typing import Any

import pytest
from ovs_support.v02 import MODEL, Caller, body, error, push_frame

from ovs_mock import Ovs
from ovs_mock.engine.events import ResultReady


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

    def test_a_revoked_key_is_no_key(self, ovs: Ovs, call: Caller) -> None:
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
    def test_they_are_a_bare_array_with_settable_status(self, ovs: Ovs, call: Caller) -> None:
        ovs.set_model_status(MODEL, "saturated")
        ovs.set_model_status("Qwen/Qwen3.5-27B", "degraded")
        models = {m["model"]: m for m in call("GET", "/models").json()}
        assert models[MODEL] == {"model": MODEL, "ready": False, "status": "saturated"}
        assert models["Qwen/Qwen3.5-27B"]["ready"] is True
        assert models["Qwen/Qwen3-VL-30B-A3B-Instruct"]["status"] == "ready"

    def test_only_those_are_listed_that_streams_may_use(self, call: Caller) -> None:
        for model in call("GET", "/models").json():
            created = call("POST", "/streams", body(model=model["model"]))
            assert created.status_code == 201, model
            call("DELETE", f"/streams/{created.json()['stream_id']}")


class TestReinfer:
    @pytest.fixture
    def result_id(self, ovs: Ovs, call: Caller) -> str:
        push_frame(ovs, call.stream())
        return next(e.result.inference.id for e in ovs.advance(1) if isinstance(e, ResultReady))

    def ask(self, call: Caller, result_id: str, **changes: Any) -> Any:
        return call(
            "POST", "/chat/completions/clip", {"result_id": result_id, "prompt": "?", "model": MODEL, **changes}
        )

    def test_a_clip_is_404_until_it_is_persisted_and_then_answers(self, ovs: Ovs, call: Caller, result_id: str) -> None:
        assert error(self.ask(call, result_id)) == (404, "not_found")
        ovs.advance(1.5)
        ovs.model.reply("a dog, on second thoughts")
        answer = self.ask(call, result_id, temperature=0.2, max_tokens=3).json()
        assert answer.pop("id")
        usage = answer.pop("usage")
        assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
        assert answer == {"model": MODEL, "content": "a dog, on se", "finish_reason": "length"}

    def test_it_takes_an_output_schema(self, ovs: Ovs, call: Caller, result_id: str) -> None:
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

    def test_a_model_that_fails_is_a_500(self, ovs: Ovs, call: Caller, result_id: str) -> None:
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

    def test_a_huge_body_gets_413(self, call: Caller) -> None:
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
        self, ovs: Ovs, call: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ovs.tenant.runtime.engine.state, "models", None)
        assert error(call("GET", "/models")) == (500, "internal_error")
        assert [type(e) for e in ovs.consume_failures()] == [AttributeError]
