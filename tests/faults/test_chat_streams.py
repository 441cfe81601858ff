"""Streamed chats that go wrong, as httpx and openai see them."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI
from ovs_support.chat import MODEL, ChatCaller

from ovs_mock import Ovs, Reply
from ovs_mock.journal.entries import ServerEvent

SAY: Any = [{"role": "user", "content": "Count."}]


@pytest.fixture
def ovs_clock() -> str:
    return "frozen"


@pytest.fixture(params=["v1", "v1beta"])
def caller(ovs: Ovs, request: pytest.FixtureRequest) -> Iterator[ChatCaller]:
    with ChatCaller(ovs, getattr(ovs, request.param)) as caller:
        ovs.model.reply("one two three four five", optional=True)
        yield caller


def test_the_connection_ends_in_the_middle(ovs: Ovs, caller: ChatCaller) -> None:
    fault = ovs.faults.on_chat_stream().truncate(after_chunks=3)
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        caller.events("count")
    assert fault.used == 1
    assert sent(ovs) == 3
    assert caller.events("count")[-1] == "[DONE]"


def test_a_clean_end_without_done(ovs: Ovs, caller: ChatCaller) -> None:
    ovs.faults.on_chat_stream().truncate(after_chunks=2, clean=True)
    events = caller.events("count")
    assert len(events) == 2
    assert "[DONE]" not in events


def test_an_error_in_the_middle(ovs: Ovs, caller: ChatCaller) -> None:
    ovs.faults.on_chat_stream().error("the GPU is gone", after_chunks=2)
    *chunks, error, done = caller.events("count")
    assert (len(chunks), error["error"]["message"], done) == (2, "the GPU is gone", "[DONE]")


@pytest.mark.parametrize("pace", [None, 1.0])
def test_a_stalled_stream_resumes_when_the_clock_is_moved(ovs: Ovs, caller: ChatCaller, pace: float | None) -> None:
    ovs.model.reply(Reply("one two three four five", latency=0, tokens_per_second=pace))
    ovs.faults.on_chat_stream().stall(10, after_chunks=2)
    with ThreadPoolExecutor() as pool:
        events = pool.submit(caller.events, "count")
        ovs.wait_until(lambda: bool(ovs.model.questions), description="a question")
        ovs.advance(0)
        assert sent(ovs) == 2
        ovs.advance(9.9)
        assert sent(ovs) == 2
        assert not events.done()
        ovs.advance(0.1)
        assert sent(ovs) > 5
        assert events.result(5)[-1] == "[DONE]"


def test_a_malformed_event(ovs: Ovs, caller: ChatCaller) -> None:
    whole = raw_events(caller)
    ovs.faults.on_chat_stream().malform(after_chunks=2)
    events = raw_events(caller)
    with pytest.raises(json.JSONDecodeError):
        json.loads(events[2])
    assert len(events) == len(whole) + 1
    assert events[-1] == "[DONE]"


@pytest.mark.parametrize(("word", "chunks"), [("truncate", 1), ("lose_answer", 0)])
def test_a_fault_of_the_call_applies_to_a_streamed_answer_too(
    ovs: Ovs, caller: ChatCaller, word: str, chunks: int
) -> None:
    fault = getattr(ovs.faults.on("POST *completions"), word)()
    # A reset, or an end in the middle: as much as the operating system had sent on.
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        caller.events("count")
    assert (fault.used, sent(ovs)) == (1, chunks)
    assert caller.events("count")[-1] == "[DONE]"


def test_a_malformed_answer_is_malformed_in_a_stream_too(ovs: Ovs, caller: ChatCaller) -> None:
    ovs.faults.on("POST *completions").malform()
    with pytest.raises(json.JSONDecodeError):
        json.loads(raw_events(caller)[1])


def raw_events(caller: ChatCaller) -> list[str]:
    """The data of the events of a chat, as text."""
    body = {"model": MODEL, "messages": SAY, "stream": True}
    lines = caller("POST", "/chat/completions", body).text.splitlines()
    return [line.removeprefix("data: ") for line in lines if line]


def sent(ovs: Ovs) -> int:
    """How many events have been sent."""
    return len(ovs.journal.by_kind(ServerEvent))


def test_a_delayed_stream_begins_late(ovs: Ovs, caller: ChatCaller) -> None:
    ovs.faults.on("POST *completions").delay(5)
    with ThreadPoolExecutor() as pool:
        events = pool.submit(caller.events, "count")
        ovs.wait_until(lambda: bool(ovs.model.questions), description="a question")
        ovs.advance(4)
        assert sent(ovs) == 0
        ovs.advance(1)
        assert events.result(5)[-1] == "[DONE]"


def test_a_stream_that_stalls_for_ever_does_not_block_the_end(ovs: Ovs, caller: ChatCaller) -> None:
    ovs.faults.on_chat_stream().stall()
    with pytest.raises(httpx.ReadTimeout):
        caller("POST", "/chat/completions", {"model": MODEL, "messages": SAY, "stream": True}, timeout=0.3)
    ovs.advance(100)


def test_which_faults_openai_notices(ovs: Ovs, caller: ChatCaller) -> None:
    on = ovs.faults.on_chat_stream()
    on.error("gone", after_chunks=2)
    on.truncate(after_chunks=2)
    with OpenAI(base_url=caller.base, api_key=ovs.api_key, max_retries=0) as client:
        with pytest.raises(openai.APIError, match="gone"):
            list(client.chat.completions.create(model=MODEL, messages=SAY, stream=True))
        with pytest.raises((openai.APIConnectionError, httpx.RemoteProtocolError)):
            list(client.chat.completions.create(model=MODEL, messages=SAY, stream=True))
