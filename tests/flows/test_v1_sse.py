"""Chat completions as server-sent events, in both versions."""

import contextlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from ovs_support.chat import ChatCaller, asking, envelope, events_in, frame_url

from ovs_mock import BackgroundMock, Ovs, Reply, Settings
from ovs_mock.engine.events import ChatFinished, ChatToken


@pytest.fixture
def ovs_clock() -> str:
    return "frozen"


def text(events: list[Any]) -> str:
    return "".join(
        choice["delta"].get("content", "") for event in events if event != "[DONE]" for choice in event["choices"]
    )


def test_the_chunks_add_up_to_the_whole_answer(ovs: Ovs, either: ChatCaller) -> None:
    stream_id = either.stream(frames=2)
    whole = either.chat("look", frame_url(stream_id)).json()
    events = either.events("look", frame_url(stream_id), stream_options={"include_usage": True})
    *chunks, usage, done = events
    assert done == "[DONE]"
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert text(chunks) == whole["choices"][0]["message"]["content"]
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks if chunk["choices"][0]["finish_reason"]] == [
        "stop"
    ]
    assert (usage["choices"], usage["usage"], usage["overshoot"]) == ([], whole["usage"], whole["overshoot"])


def test_usage_comes_only_when_it_is_wanted(either: ChatCaller) -> None:
    events = either.events("hi", n=2)
    assert not any("usage" in event for event in events[:-1])
    ends = [event["choices"][0] for event in events[:-1] if event["choices"][0]["finish_reason"]]
    assert [end["index"] for end in ends] == [0, 1]


def test_tool_calls_come_in_pieces(either: ChatCaller) -> None:
    look = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "required": ["at"]}}}
    events = either.events("look", tools=[look], tool_choice="required")[:-1]
    deltas = [d for event in events for d in event["choices"][0]["delta"].get("tool_calls", ())]
    assert deltas[0]["function"] == {"name": "look", "arguments": ""}
    assert "at" in json.loads("".join(delta["function"]["arguments"] for delta in deltas))
    assert events[-1]["choices"][0]["finish_reason"] == "tool_calls"


def test_tokens_come_at_their_own_moments(ovs: Ovs, either: ChatCaller) -> None:
    """What a move of the clock has caused is written when it returns."""
    ovs.model.reply(Reply("one two three four five", latency=2, tokens_per_second=1))
    with ThreadPoolExecutor() as pool:
        events = pool.submit(either.events, "count")
        wait_for_chat(ovs)
        assert pieces(ovs.advance(1)) == []
        assert pieces(ovs.advance(1.5)) == ["one "]
        assert pieces(ovs.advance(2)) == ["two ", "thre"]
        assert pieces(ovs.advance(10)) == ["e fo", "ur f", "ive"]
        assert text(events.result(5)) == "one two three four five"


def pieces(events: list[Any]) -> list[str]:
    return [event.text for event in events if isinstance(event, ChatToken)]


def wait_for_chat(mock: Ovs) -> None:
    """Wait until the model has been asked."""
    mock.wait_until(lambda: bool(mock.model.questions), description="a question to the model")


def test_a_slow_reader_does_not_hold_up_the_clock(ovs: Ovs, v1: ChatCaller) -> None:
    ovs.model.reply(Reply("x" * 240_000, tokens_per_second=100_000, latency=1))
    with ThreadPoolExecutor() as pool:
        opened = pool.submit(lambda: v1.http.send(streamed(v1), stream=True))
        wait_for_chat(ovs)
        assert any(isinstance(event, ChatFinished) for event in ovs.advance(10))
        response = opened.result(5)
    assert len(text(list(events_in(response.iter_lines())))) == 240_000


def streamed(caller: ChatCaller) -> Any:
    return caller.http.build_request("POST", "/chat/completions", json=asking("hi", stream=True))


def test_a_client_that_leaves_pays_for_the_tokens_so_far(ovs: Ovs, either: ChatCaller) -> None:
    ovs.model.reply(Reply("x" * 4_000, tokens_per_second=1))
    accounts = ovs.tenant.runtime.engine.state.accounts
    before = accounts.owner(either.key).balance
    with either.http.stream("POST", "/chat/completions", json=asking("hi", stream=True)) as response:
        lines = response.iter_lines()
        said = [next(events_in(lines)) for _ in range(2)]
        assert text(said) == "xxxx"
    wait_for_the_end_of_the_connection(ovs)
    assert len(pieces(ovs.advance(5_000))) <= 1, "the connection is looked at when there is something to send"
    price = ovs.tenant.runtime.engine.state.prices.for_model("Qwen/Qwen3.5-9B")
    assert price
    assert before - accounts.owner(either.key).balance in [
        price.cost(prompt=1, cached=0, completion=completion) for completion in (1, 2)
    ]
    assert ovs.failures == []


def wait_for_the_end_of_the_connection(mock: Ovs) -> None:
    runner = mock._server._runner
    assert runner
    assert runner.server
    while any(connection.transport for connection in runner.server.connections):
        mock.advance(0)


def test_a_chat_that_fails_before_its_first_word_is_an_ordinary_error(ovs: Ovs, v1beta: ChatCaller) -> None:
    ovs.model.reply(Reply.upstream(503, "busy"))
    assert envelope(v1beta.chat("hi", stream=True)) == (502, "upstream_error", "upstream_http_503")


def test_a_chat_that_fails_midway_sends_an_error_event(ovs: Ovs, either: ChatCaller) -> None:
    ovs.model.when(where=lambda q: q.choice == 0).reply("well")
    ovs.model.when(where=lambda q: q.choice == 1).reply(Reply.timeout("too late", latency=1))
    with ThreadPoolExecutor() as pool:
        opened = pool.submit(either.events, "hi", n=2)
        ovs.wait_until(lambda: len(ovs.model.questions) == 2, description="two questions")
        ovs.advance(2)
        *chunks, error, done = opened.result(5)
    assert (text(chunks), error["error"]["message"], done) == ("well", "too late", "[DONE]")


def test_browsers_may_read_it(either: ChatCaller) -> None:
    headers = {"Origin": "https://app.example"}
    with either.http.stream("POST", "/chat/completions", json=asking("hi", stream=True), headers=headers) as response:
        assert response.headers["Access-Control-Allow-Origin"] == "https://app.example"
        assert response.read()


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_a_server_that_stops_ends_what_is_open(version: str) -> None:
    with BackgroundMock(Settings(seed=0)) as mock, ChatCaller(mock, getattr(mock, version)) as caller:
        mock.model.reply(Reply("x" * 400, tokens_per_second=1))
        with caller.http.stream("POST", "/chat/completions", json=asking("hi", stream=True)) as response:
            lines = response.iter_lines()
            assert next(lines)
            mock.stop()
            with contextlib.suppress(httpx.HTTPError):
                assert len(list(lines)) < 100


def test_a_tenant_that_closes_ends_what_is_open(either: ChatCaller, ovs: Ovs, ovs_server: BackgroundMock) -> None:
    ovs.model.reply(Reply("x" * 400, tokens_per_second=1))
    with either.http.stream("POST", "/chat/completions", json=asking("hi", stream=True)) as response:
        lines = response.iter_lines()
        assert next(lines)
        ovs_server.close_tenant(ovs)
        with contextlib.suppress(httpx.HTTPError):
            assert len(list(lines)) < 100
