"""Replies as JSON become those of the model."""

import json
from typing import Any

import pytest

from ovs_mock.engine.inference import FailureKind
from ovs_mock.model import Reply, ScriptedModel
from ovs_mock.model.script import ReplyRule
from ovs_mock.server.controls.errors import InvalidControlBodyError
from ovs_mock.server.controls.replies import script
from ovs_mock.server.controls.schemas import RepliesBody


def scripted(reply: Any, **more: Any) -> ReplyRule:
    """The rule that a body makes."""
    model = ScriptedModel()
    script(model, RepliesBody.read(json.dumps({"reply": reply, **more}).encode()))
    (rule,) = model._rules._rules
    return rule


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ({}, Reply()),
        ({"text": "a cat"}, Reply("a cat")),
        ({"json": {"cats": 1}}, Reply(json={"cats": 1})),
        ({"json": None}, Reply(json=None)),
        ({"text": "a", "finish_reason": "length"}, Reply("a", finish_reason="length")),
        ({"latency_seconds": 2, "tokens_per_second": 10}, Reply(latency=2, tokens_per_second=10)),
        ({"error": "no"}, Reply(error="no")),
        ({"blocked": True}, Reply.blocked()),
        ({"timeout": True, "latency_seconds": 30}, Reply.timeout(latency=30)),
        ({"upstream_status": 503}, Reply.upstream(503)),
        ({"upstream_status": 500, "error": "boom"}, Reply.upstream(500, "boom")),
        ({"unreachable": True}, Reply.upstream()),
        ({"tool_calls": ["look"]}, Reply(tool_calls=("look",))),
        ({"tool_calls": [{"name": "look", "arguments": {"x": 1}}]}, Reply(tool_calls=(("look", {"x": 1}),))),
        ({"tool_calls": [{"name": "look", "arguments": "{"}]}, Reply(tool_calls=(("look", "{"),))),
    ],
)
def test_each_field_has_its_meaning(sent: dict[str, Any], meant: Reply) -> None:
    assert scripted(sent).replies == (meant,)


def test_several_replies_come_one_after_the_other() -> None:
    rule = scripted([{"text": "a"}, {"blocked": True}], times=3)
    assert [getattr(reply, "kind", None) for reply in rule.replies] == [FailureKind.MODEL, FailureKind.SAFETY]
    assert rule.times == 3


def test_conditions_are_those_that_were_given() -> None:
    assert len(scripted({}, when={"prompt": "cat", "model": "m", "mode": "chat", "stream_id": "s"}).conditions) == 4
    assert scripted({}, when={"frames": 0}).conditions
    assert not scripted({}).conditions


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ({"text": "a", "json": 1}, "text and json"),
        ({"blocked": True, "text": "a"}, "not with text"),
        ({"blocked": True, "timeout": True}, "not with timeout"),
        ({"upstream_status": 200}, "400 to 599"),
        ({"error": "a", "tool_calls": ["b"]}, "calls no tools"),
        ({"txt": "a"}, "reply.0.txt"),
        ({"text": 1}, "reply.0.text"),
        ({"finish_reason": "tired"}, "reply.0.finish_reason"),
        ({"tool_calls": [1]}, "tool_calls.0"),
        ({"latency_seconds": -1}, "latency_seconds"),
        ([], "reply"),
        (None, "reply.0"),
    ],
)
def test_replies_that_cannot_be_sent_are_errors_with_a_reason(reply: Any, why: str) -> None:
    with pytest.raises(InvalidControlBodyError, match=why):
        scripted(reply)


def test_how_often_is_at_least_once() -> None:
    with pytest.raises(InvalidControlBodyError, match="times"):
        scripted({}, times=0)
