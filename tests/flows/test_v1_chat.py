"""Chat completions of v1, and what v1beta does in the same way; each in one body."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from ovs_support.chat import MODEL, NOBODYS, ChatCaller, asking, detail, frame_url, places, segment_url
from ovs_support.pictures import data_url, encoded

from ovs_mock import Ovs, Reply

SCHEMA = {
    "type": "object",
    "properties": {"colour": {"enum": ["red", "blue"]}, "count": {"type": "integer", "minimum": 3}},
    "required": ["colour", "count"],
}
LOOK = {"type": "function", "function": {"name": "look", "parameters": SCHEMA}}


def reply(response: Any) -> str:
    """What was said, once the answer's form is checked."""
    assert response.status_code == 200, response.text
    body = response.json()
    assert set(body) == {"choices", "created", "id", "model", "object", "overshoot", "usage"}
    (choice,) = body["choices"]
    assert set(choice["message"]) == {"content", "function_call", "role", "tool_calls"}
    text: str = choice["message"]["content"]
    return text


class TestAnswers:
    def test_a_chat_about_nothing_but_text(self, ovs: Ovs, either: ChatCaller) -> None:
        ovs.model.reply("Hello.")
        body = either.chat("Say hello.").json()
        assert body["object"] == "chat.completion"
        assert body["model"] == MODEL
        assert body["choices"] == [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hello.", "tool_calls": None, "function_call": None},
                "finish_reason": "stop",
            }
        ]
        assert body["usage"] == {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
        assert body["overshoot"] == {"cache": {"thread_id": None, "cache_hit": False, "cached_input_tokens": 0}}
        assert isinstance(body["created"], int)

    def test_the_model_gets_the_frames_of_the_request(self, ovs: Ovs, either: ChatCaller) -> None:
        one, other = either.stream(frames=4), either.stream(frames=2)
        reply(either.chat("look", frame_url(one), segment_url(one), frame_url(other, "frame_index=0")))
        (question,) = ovs.model.questions
        assert [frame.index for frame in question.frames] == [3, 0, 1, 2, 3, 0]

    def test_pictures_in_the_request_are_looked_at(self, ovs: Ovs, either: ChatCaller) -> None:
        for kind in ("png", "jpeg", "webp"):
            picture = {"type": "image_url", "image_url": {"url": data_url(encoded(kind, (220, 20, 20), (80, 60)))}}
            assert "red" in reply(either.chat("what?", picture))
        assert {frame.colour for question in ovs.model.questions for frame in question.frames} == {"red"}

    def test_links_are_only_read(self, ovs: Ovs, either: ChatCaller) -> None:
        link = {"type": "image_url", "image_url": {"url": "http://127.0.0.1:9/never-fetched.png"}}
        reply(either.chat("what?", link))
        assert ovs.model.questions[-1].frames == ()

    def test_several_choices(self, either: ChatCaller) -> None:
        body = either.chat("hi", n=3).json()
        assert [choice["index"] for choice in body["choices"]] == [0, 1, 2]

    @pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
    def test_a_reply_that_is_too_long_is_cut(self, ovs: Ovs, either: ChatCaller, name: str) -> None:
        ovs.model.reply("one two three four")
        (choice,) = either.chat("count", **{name: 2}).json()["choices"]
        assert (choice["message"]["content"], choice["finish_reason"]) == ("one two ", "length")

    def test_json_of_any_kind_and_by_a_schema(self, either: ChatCaller) -> None:
        said = reply(either.chat("json please", response_format={"type": "json_object"}))
        assert isinstance(json.loads(said), dict)
        for strict in ({}, {"strict": True}):
            wanted = {"type": "json_schema", "json_schema": {"name": "seen", "schema": SCHEMA, **strict}}
            seen = json.loads(reply(either.chat("json please", response_format=wanted)))
            assert seen["colour"] in ("red", "blue")
            assert seen["count"] >= 3

    def test_tools_are_called_and_their_answers_read(self, either: ChatCaller) -> None:
        body = either.chat("look", tools=[LOOK], tool_choice="required").json()
        (choice,) = body["choices"]
        assert (choice["finish_reason"], choice["message"]["content"]) == ("tool_calls", None)
        call = choice["message"]["tool_calls"][0]
        assert (call["type"], call["function"]["name"]) == ("function", "look")
        assert json.loads(call["function"]["arguments"])["count"] >= 3
        messages = [
            {"role": "user", "content": "look"},
            choice["message"],
            {"role": "tool", "tool_call_id": call["id"], "content": "a dog"},
        ]
        assert reply(either("POST", "/chat/completions", {"model": MODEL, "messages": messages, "tools": [LOOK]}))

    def test_a_thread_remembers_its_prompt(self, either: ChatCaller) -> None:
        earlier = [{"role": "user", "content": "a long story"}]
        later = [*earlier, {"role": "assistant", "content": "I see."}, {"role": "user", "content": "and then?"}]
        caches = [
            either("POST", "/chat/completions", {"model": MODEL, "messages": messages, "thread_id": "t1"}).json()[
                "overshoot"
            ]["cache"]
            for messages in (earlier, later)
        ]
        assert caches == [
            {"thread_id": "t1", "cache_hit": False, "cached_input_tokens": 0},
            {"thread_id": "t1", "cache_hit": True, "cached_input_tokens": 3},
        ]

    def test_chats_about_one_stream_go_on_side_by_side(self, ovs: Ovs, either: ChatCaller) -> None:
        stream_id = either.stream(frames=2)
        ovs.model.reply(lambda question: question.prompt.upper())
        with ThreadPoolExecutor() as pool:
            asked = [f"question {number}" for number in range(8)]
            said = list(pool.map(lambda prompt: reply(either.chat(prompt, frame_url(stream_id))), asked))
        assert said == [prompt.upper() for prompt in asked]

    def test_completions_are_paid_for(self, ovs: Ovs, either: ChatCaller) -> None:
        accounts = ovs.tenant.runtime.engine.state.accounts
        before = accounts.owner(either.key).balance
        usage = either.chat("hi " * 40).json()["usage"]
        price = ovs.tenant.runtime.engine.state.prices.for_model(MODEL)
        assert price
        cost = price.cost(prompt=usage["prompt_tokens"], cached=0, completion=usage["completion_tokens"])
        assert before - accounts.owner(either.key).balance == cost > 0


class TestReadiness:
    def test_the_first_frame_is_found_with_the_default_tolerance(self, either: ChatCaller) -> None:
        stream_id = either.stream(frames=1)
        for query in ("timestamp_ms=0", "timestamp_ms=90", "offset_ms=0", "frame_index=0"):
            assert reply(either.chat(frame_url(stream_id, query)))

    def test_a_segment_may_reach_past_the_live_edge(self, ovs: Ovs, either: ChatCaller) -> None:
        stream_id = either.stream(frames=3)
        query = "start_timestamp_ms=0&end_timestamp_ms=60000"
        reply(either.chat(segment_url(stream_id, query)))
        assert len(ovs.model.questions[-1].frames) == 3


class TestV1Errors:
    def test_other_streams_and_ended_ones_are_not_found(self, v1: ChatCaller) -> None:
        stream_id = v1.stream(frames=1)
        other = v1.with_key("ovs-mallory")
        answers = [other.chat(frame_url(id_)) for id_ in (stream_id, NOBODYS)]
        v1("DELETE", f"/streams/{stream_id}")
        answers.append(v1.chat(frame_url(stream_id)))
        assert {(a.status_code, a.text) for a in answers} == {(404, '{"detail": "Stream not found."}')}

    def test_old_indices_clamp_and_new_ones_are_422(self, ovs: Ovs, v1: ChatCaller) -> None:
        stream_id = v1.stream(frames=3)
        assert v1.chat(frame_url(stream_id, "frame_index=3")).status_code == 422
        assert v1.chat(frame_url(stream_id, "frame_index=-9")).status_code == 200
        assert ovs.model.questions[-1].frames[0].index == 0
        assert v1.chat(segment_url(stream_id, "start_frame_index=2&end_frame_index=1")).status_code == 422
        assert v1.chat(frame_url(v1.stream())).status_code == 422

    @pytest.mark.parametrize("query", ["", "frame_index=1&frame_index=2", "frame_index=0&timestamp_ms=0", "other=1"])
    def test_bad_urls_say_where_they_are(self, v1: ChatCaller, query: str) -> None:
        refused = v1.chat("look", frame_url(NOBODYS, query))
        assert places(refused) == [["body", "messages", 0, "content", 1, "image_url", "url"]]

    def test_credits_models_and_failures(self, ovs: Ovs, v1: ChatCaller) -> None:
        assert places(v1("POST", "/chat/completions", asking("hi", model="qwen/qwen3.5-9b"))) == [["body", "model"]]
        ovs.model.reply(Reply.upstream(500, "no luck"), times=1)
        assert detail(v1.chat("hi")) == (502, "no luck")
        ovs.set_model_status(MODEL, "loading")
        assert v1.chat("hi").status_code == 503
        ovs.set_model_status(MODEL, "ready")
        ovs.set_credits(0)
        assert detail(v1.chat("hi"))[0] == 402


class TestHttp:
    @pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b'{"n": NaN}', b"null", b"[]", b"1"])
    def test_what_is_no_body_fails_validation(self, either: ChatCaller, content: bytes) -> None:
        assert places(either("POST", "/chat/completions", content=content))

    def test_an_empty_body_misses_its_fields(self, either: ChatCaller) -> None:
        assert places(either("POST", "/chat/completions")) == [["body", "model"], ["body", "messages"]]

    def test_large_bodies_are_read_and_huge_ones_get_413(self, either: ChatCaller) -> None:
        assert either.chat("x" * 2**21).status_code == 200
        assert either("POST", "/chat/completions", content=b" " * (32 * 2**20 + 1)).status_code == 413

    def test_a_body_that_cannot_be_unpacked_is_400(self, ovs: Ovs, either: ChatCaller) -> None:
        refused = either("POST", "/chat/completions", content=b"no gzip", headers={"Content-Encoding": "gzip"})
        assert (refused.status_code, set(refused.json())) == (400, {"detail"})
        assert ovs.failures == []

    def test_half_a_surrogate_pair_breaks_nothing(self, either: ChatCaller) -> None:
        content = f'{{"model": "{MODEL}", "messages": [{{"role": "user", "content": "\\ud800"}}]}}'.encode()
        assert either("POST", "/chat/completions", content=content).status_code in (200, 422)
