"""What can be done with a v0.2 stream once it runs, over real HTTP."""

from typing import Any

import jwt
import pytest
from ovs_support.engine import Blank
from ovs_support.v02 import MODEL, Caller, error, push_frame

from ovs_mock import Ovs


class TestKeepalive:
    def test_it_charges_renews_and_brings_a_fresh_token(self, ovs: Ovs, call: Caller) -> None:
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

    def test_each_brings_another_token_even_within_a_second(self, call: Caller) -> None:
        stream_id = call.stream()
        tokens = {call("POST", f"/streams/{stream_id}/keepalive").json()["livekit_token"] for _ in range(3)}
        assert len(tokens) == 3

    def test_streams_without_a_room_of_ours_get_no_token(self, call: Caller) -> None:
        stream_id = call.stream(source={"type": "livekit", "url": "wss://elsewhere", "token": "t"})
        assert call("POST", f"/streams/{stream_id}/keepalive").json()["livekit_token"] is None

    def test_without_credits_it_is_402_and_the_lease_runs_out(self, ovs: Ovs, call: Caller) -> None:
        stream_id = call.stream(client={"request_id": "mine"})
        ovs.set_credits(0)
        ovs.advance(30)
        refused = call("POST", f"/streams/{stream_id}/keepalive")
        assert error(refused) == (402, "insufficient_credits")
        assert refused.json()["request_id"] == "mine"
        ovs.advance(20)
        assert ovs.stream(stream_id).end_reason == "insufficient_credits"

    def test_after_the_end_it_is_404_for_as_long_as_it_comes(self, ovs: Ovs, call: Caller) -> None:
        stream_id = call.stream()
        for _ in range(3):
            ovs.advance(46)
            assert error(call("POST", f"/streams/{stream_id}/keepalive")) == (404, "not_found")


class TestDelete:
    def test_first_200_then_204_for_ever(self, ovs: Ovs, call: Caller) -> None:
        stream_id = call.stream()
        first = call("DELETE", f"/streams/{stream_id}")
        assert (first.status_code, first.json()) == (200, {"status": "ok"})
        for _ in range(2):
            again = call("DELETE", f"/streams/{stream_id}")
            assert (again.status_code, again.content) == (204, b"")
            ovs.advance(100)

    def test_an_expired_stream_has_already_closed(self, ovs: Ovs, call: Caller) -> None:
        stream_id = call.stream()
        ovs.advance(46)
        assert call("DELETE", f"/streams/{stream_id}").status_code == 204

    def test_what_never_was_is_404(self, call: Caller) -> None:
        assert error(call("DELETE", "/streams/never")) == (404, "not_found")


class TestPrompt:
    def test_it_answers_with_the_whole_config(self, ovs: Ovs, call: Caller) -> None:
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

    def test_then_it_tells_what_comes_in(self, ovs: Ovs, call: Caller) -> None:
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
    def test_it_gives_a_token_that_may_only_watch_for_five_minutes(self, ovs: Ovs, call: Caller) -> None:
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
