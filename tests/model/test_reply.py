"""What may be given for a reply, and what is said about the rest."""

import math
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest

from ovs_mock.model import Question, Reply
from ovs_mock.model.callback import as_reply, as_reply_or_callback


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("two people", "two people"),
        ("", ""),
        ({"count": 3}, '{"count":3}'),
        (MappingProxyType({"count": 3}), '{"count":3}'),
        ([1, "zwölf"], '[1,"zwölf"]'),
        (Reply("text"), "text"),
        (Reply(json=None), "null"),
        (Reply(json=3), "3"),
        (Reply(latency=1), None),
    ],
)
def test_text_json_and_replies_are_replies(given: Any, text: str | None) -> None:
    assert as_reply(given).content() == text


def test_a_function_is_one_that_will_reply() -> None:
    def shout(question: Question) -> str:
        return question.prompt.upper()

    assert as_reply_or_callback(shout) is shout


@pytest.mark.parametrize("given", [3, 2.5, True, None])
def test_a_bare_value_is_taken_for_a_mistake_and_the_right_way_shown(given: object) -> None:
    with pytest.raises(TypeError, match=rf"such as Reply\(json={given}\)"):
        as_reply(given)


@pytest.mark.parametrize("given", [object(), str, {1, 2}, b"bytes"])
def test_anything_else_is_refused_with_what_is_accepted(given: object) -> None:
    with pytest.raises(TypeError, match=r"is no reply: give a string, a dict or a list .* or a function"):
        as_reply_or_callback(given)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Reply("a", json=1), "this one has text and json"),
        (lambda: Reply("a", error="b"), "this one has text and error"),
        (lambda: Reply(finish_reason="because"), "'because': it is one of stop, length, content_filter"),  # type: ignore[arg-type]
        (lambda: Reply(latency=-1), "cannot come before their question"),
        (lambda: Reply(json={1, 2}), r"\{1, 2\} \(a set\) cannot be sent as JSON"),
        (lambda: Reply(json=math.nan), "cannot be sent as JSON"),
        (lambda: Reply(json={"a": "x" * 100, "b": {1}}), r"\.\.\. \(a dict\) cannot be sent"),
    ],
)
def test_a_reply_that_cannot_be_sent_is_refused(make: Callable[[], Reply], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_text_is_text() -> None:
    with pytest.raises(TypeError, match=r"3 \(a int\); values are sent with json="):
        Reply(3)  # type: ignore[arg-type]
