"""Creating a v0.2 stream, over real HTTP."""

from typing import Any
from uuid import UUID

import jwt
import pytest
from ovs_support.v02 import MODEL, Caller, body, error

from ovs_mock import BackgroundMock, Ovs, Settings


class TestCreate:
    def test_the_minimal_body_makes_a_native_stream(self, ovs: Ovs, call: Caller) -> None:
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
        self, ovs: Ovs, call: Caller
    ) -> None:
        response = call("POST", "/streams", body(source={"type": "webrtc", "sdp": "nonsense"}))
        assert error(response) == (422, "validation_error")
        assert [s.running for s in ovs.streams] == [False]

    def test_the_sixth_stream_is_too_many(self, call: Caller) -> None:
        for _ in range(5):
            call.create()
        assert error(call("POST", "/streams", body())) == (429, "too_many_streams")

    def test_without_credits_there_is_no_stream(self, ovs: Ovs, call: Caller) -> None:
        ovs.set_credits(0)
        assert error(call("POST", "/streams", body())) == (402, "insufficient_credits")

    def test_a_saturated_model_takes_none(self, ovs: Ovs, call: Caller) -> None:
        ovs.set_model_status(MODEL, "saturated")
        assert error(call("POST", "/streams", body())) == (503, "model_unavailable")
