"""Answers and errors on their way to a browser."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from results_proxy import MODEL

from ovs_mock import Ovs, Reply, events

QUESTION = {"question": "What is there?"}


def events_of(answer: httpx.Response) -> Iterator[tuple[str, Any]]:
    """The events of an answer as they come."""
    name = ""
    for line in answer.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_an_answer_in_tokens(ovs: Ovs, proxy: httpx.Client, camera: str) -> None:
    ovs.model.when(prompt="What is there?").reply("a cat on a mat")
    with proxy.stream("GET", f"/cameras/{camera}/answer", params=QUESTION) as answer:
        *tokens, last = events_of(answer)
    assert "".join(token for _, token in tokens) == "a cat on a mat"
    assert last == ("done", None)
    assert ovs.model.questions[0].stream_id == camera


def test_tokens_are_passed_on_as_they_come(ovs: Ovs, proxy: httpx.Client, camera: str) -> None:
    ovs.model.reply(Reply("one two three", tokens_per_second=1))
    with proxy.stream("GET", f"/cameras/{camera}/answer", params=QUESTION) as answer:
        coming = events_of(answer)
        ovs.advance(1)
        assert next(coming)[0] == "token"
        assert not ovs.journal.events(events.ChatFinished), "the rest has not been said yet"
        ovs.advance(60)
        assert list(coming)[-1] == ("done", None)


@pytest.mark.ovs(clock="running")
def test_who_leaves_ends_the_question(ovs: Ovs, proxy: httpx.Client, camera: str) -> None:
    ovs.model.reply(Reply("word " * 500, tokens_per_second=20))
    with proxy.stream("GET", f"/cameras/{camera}/answer", params=QUESTION) as answer:
        next(events_of(answer))
    ovs.wait_until(lambda: bool(ovs.journal.events(events.ChatCancelled)), description="the end of the chat")
    (left,) = ovs.journal.events(events.ChatCancelled)
    assert left.usage.completion_tokens < 100, "what was said is paid for, and no more"
    assert ovs.bill.microcents == left.cost


@pytest.mark.ovs(chats_per_second=1)
def test_the_rate_limit_reaches_the_browser(ovs: Ovs, proxy: httpx.Client, camera: str) -> None:
    url = f"/cameras/{camera}/answer"
    assert [proxy.get(url, params=QUESTION).status_code for _ in range(2)] == [200, 429]
    assert proxy.get(url, params=QUESTION).headers["retry-after"] == "1"
    ovs.advance(1)
    assert proxy.get(url, params=QUESTION).status_code == 200


@pytest.mark.parametrize(
    ("reply", "status"),
    [(Reply.blocked(), 400), (Reply.upstream(500), 502), (Reply.timeout(), 502)],
    ids=["blocked", "upstream", "timeout"],
)
def test_a_model_that_fails(ovs: Ovs, proxy: httpx.Client, camera: str, reply: Reply, status: int) -> None:
    ovs.model.reply(reply)
    assert proxy.get(f"/cameras/{camera}/answer", params=QUESTION).status_code == status


def test_a_model_that_stops_in_the_middle(ovs: Ovs, proxy: httpx.Client, camera: str) -> None:
    ovs.model.reply("a cat on a mat")
    ovs.faults.on_chat_stream().error(after_chunks=3)
    with proxy.stream("GET", f"/cameras/{camera}/answer", params=QUESTION) as answer:
        *tokens, last = events_of(answer)
    assert tokens
    assert last == ("failed", "the model stopped")


def test_a_line_that_breaks_in_the_middle(ovs: Ovs, proxy: httpx.Client, camera: str) -> None:
    ovs.model.reply("a cat on a mat")
    ovs.faults.on_chat_stream().truncate(after_chunks=3)
    with proxy.stream("GET", f"/cameras/{camera}/answer", params=QUESTION) as answer:
        assert list(events_of(answer))[-1] == ("failed", "the line broke")


def test_a_camera_whose_lease_ran_out(ovs: Ovs, proxy: httpx.Client, camera: str) -> None:
    ovs.advance(301)
    assert proxy.get(f"/cameras/{camera}/answer", params=QUESTION).status_code == 404


def test_no_money_is_said_to_the_browser(ovs: Ovs, proxy: httpx.Client, camera: str) -> None:
    ovs.set_credits(0)
    assert proxy.get(f"/cameras/{camera}/answer", params=QUESTION).status_code == 402


def test_health_follows_the_model(ovs: Ovs, proxy: httpx.Client) -> None:
    assert proxy.get("/health").status_code == 200
    ovs.set_model_status(MODEL, "unavailable")
    assert proxy.get("/health").status_code == 503


def test_the_key_stays_with_the_service(ovs: Ovs, proxy: httpx.Client, camera: str) -> None:
    answer = proxy.get(f"/cameras/{camera}/answer", params=QUESTION)
    assert ovs.api_key not in answer.text + str(answer.headers)
