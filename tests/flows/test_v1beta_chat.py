"""Chats of v1beta where they differ from v1's: typed errors, and limits."""

import pytest
from ovs_support.chat import MODEL, NOBODYS, ChatCaller, detail, envelope, frame_url, places, segment_url

from ovs_mock import Ovs, Reply, Settings

LIMITS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


class TestErrors:
    def test_frames_that_are_not_there_yet_or_any_more(self, ovs: Ovs, v1beta: ChatCaller) -> None:
        stream_id = v1beta.stream(frames=3)
        assert envelope(v1beta.chat(frame_url(stream_id, "frame_index=3"))) == (
            409,
            "stream_error",
            "frame_not_yet_produced",
        )
        for _ in range(3):
            ovs.advance(250)
            v1beta("POST", f"/streams/{stream_id}/keepalive")
        assert envelope(v1beta.chat(frame_url(stream_id, "frame_index=0"))) == (410, "stream_error", "frame_evicted")
        assert envelope(v1beta.chat(segment_url(stream_id))) == (404, "stream_error", "segment_empty")

    @pytest.mark.parametrize("end", ["end_timestamp_ms=1000", "end_timestamp_ms=500"])
    def test_a_segment_that_ends_before_it_starts(self, v1beta: ChatCaller, end: str) -> None:
        stream_id = v1beta.stream(frames=3)
        refused = v1beta.chat(segment_url(stream_id, f"start_timestamp_ms=1000&{end}"))
        assert envelope(refused) == (400, "stream_error", "segment_invalid")

    def test_streams_that_are_not_the_callers(self, v1beta: ChatCaller) -> None:
        stream_id = v1beta.stream(frames=1)
        other = v1beta.with_key("ovs-mallory")
        assert envelope(other.chat(frame_url(stream_id))) == (403, "stream_error", "stream_unauthorized")
        assert envelope(v1beta.chat(frame_url(NOBODYS))) == (404, "stream_error", "stream_not_found")
        v1beta("DELETE", f"/streams/{stream_id}")
        assert envelope(v1beta.chat(frame_url(stream_id))) == (404, "stream_error", "stream_not_found")

    @pytest.mark.parametrize("query", ["", "frame_index=1&frame_index=2", "frame_index=0&timestamp_ms=0", "other=1"])
    def test_queries(self, v1beta: ChatCaller, query: str) -> None:
        assert envelope(v1beta.chat(frame_url(NOBODYS, query))) == (400, "stream_error", "query_param_invalid")

    @pytest.mark.parametrize("url", ["ovs://streams", "ovs://streams/x?frame_index=1", f"ovs://streams/{NOBODYS}"])
    def test_urls(self, v1beta: ChatCaller, url: str) -> None:
        refused = v1beta.chat({"type": "image_url", "image_url": url})
        assert envelope(refused) == (400, "stream_error", "stream_url_invalid")

    def test_video_for_a_model_that_takes_images(self, v1beta: ChatCaller) -> None:
        stream_id = v1beta.stream(frames=1)
        assert v1beta.chat(frame_url(stream_id), model="gpt-5.4").status_code == 200
        refused = v1beta.chat(segment_url(stream_id), model="gpt-5.4")
        assert envelope(refused) == (400, "validation_error", "model_video_unsupported")

    def test_what_providers_do(self, ovs: Ovs, v1beta: ChatCaller) -> None:
        ovs.model.reply(Reply.blocked(), Reply.upstream(529, "overloaded"), Reply.upstream(), Reply.timeout())
        answers = [v1beta.chat("hi", model="claude-opus-4-6") for _ in range(4)]
        assert [envelope(answer) for answer in answers] == [
            (400, "provider_error", "provider_safety_block"),
            (502, "upstream_error", "upstream_http_529"),
            (502, "upstream_error", "upstream_request_failed"),
            (504, "upstream_error", "upstream_timeout"),
        ]
        assert answers[1].json()["detail"]["error"]["upstream"] == {
            "provider": "anthropic",
            "status": 529,
            "body": "overloaded",
            "rate_limits": None,
        }

    def test_models_and_money(self, ovs: Ovs, v1beta: ChatCaller) -> None:
        assert places(v1beta.chat("hi", model="nobody/knows")) == [["body", "model"]]
        ovs.set_model_status(MODEL, "unavailable")
        assert envelope(v1beta.chat("hi")) == (503, "provider_error", "model_unavailable")
        ovs.set_credits(0)
        assert envelope(v1beta.chat("hi", model="gpt-5.4")) == (402, "billing_error", "billing_denied")

    def test_validation_keys_and_draining_keep_v1s_form(self, ovs: Ovs, v1beta: ChatCaller) -> None:
        assert places(v1beta.chat("hi", n=0)) == [["body", "n"]]
        assert detail(v1beta.with_key("sk-other").chat("hi"))[0] == 401
        ovs.set_draining()
        assert detail(v1beta.chat("hi"))[0] == 503

    def test_a_bug_of_the_mock_is_typed_too(
        self, ovs: Ovs, v1beta: ChatCaller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ovs.tenant.runtime.engine.state, "models", None)
        assert envelope(v1beta.chat("hi")) == (500, "internal_error", "internal_error")
        assert len(ovs.consume_failures()) == 1


class TestLimits:
    @pytest.fixture
    def ovs_settings(self) -> Settings:
        return Settings(seed=0, chats_per_second=2)

    @pytest.fixture
    def ovs_clock(self) -> str:
        return "frozen"

    def test_calls_are_counted_by_the_second_of_the_clock(self, ovs: Ovs, v1beta: ChatCaller) -> None:
        reset = str(int(ovs.now()) + 1)
        answers = [v1beta.chat("hi") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert [[answer.headers[name] for name in LIMITS] for answer in answers] == [
            ["2", "1", reset],
            ["2", "0", reset],
            ["2", "0", reset],
        ]
        assert envelope(answers[2]) == (429, "rate_limit_error", "rate_limit_error")
        assert answers[2].headers["retry-after"] == "1"
        assert v1beta.with_key("ovs-other").chat("hi").status_code == 200
        ovs.advance(1)
        assert v1beta.chat("hi").status_code == 200

    def test_v1_counts_nothing(self, ovs: Ovs, v1: ChatCaller) -> None:
        answers = [v1.chat("hi") for _ in range(4)]
        assert {answer.status_code for answer in answers} == {200}
        assert not set(LIMITS) & set(answers[0].headers)


def test_the_root_answers_as_v1beta_does(ovs: Ovs, v1beta: ChatCaller) -> None:
    root = v1beta.other(ovs.url)
    assert root("GET", "/models").json() == v1beta("GET", "/models").json()
    answer = root.chat("hi")
    assert answer.status_code == 200
    assert answer.headers["X-Overshoot-Region"] == "us-west1"
    assert envelope(root.chat(frame_url(NOBODYS))) == (404, "stream_error", "stream_not_found")
