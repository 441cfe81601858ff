"""What users write to script the model. Checked, not run."""

import re

from ovs_mock import Ovs, Question, Reply


def seen(question: Question) -> str:
    return f"{len(question.frames)} frames of {question.stream_id or 'no stream'}"


async def looked_up(question: Question) -> dict[str, int]:
    return {"people": len(question.frames)}


def test_replies(ovs: Ovs) -> None:
    ovs.model.reply("a cat", {"people": 3}, ["a", "b"], Reply("late", latency=1.5), times=4)
    ovs.model.reply(seen, optional=True)
    ovs.model.reply(looked_up, optional=True)
    ovs.model.reply(lambda question: Reply(json={"model": question.model}))
    ovs.model.fail("no GPU is free", times=1)
    ovs.model.latency(0.5)
    ovs.model.pace(20)


def test_conditions(ovs: Ovs) -> None:
    rule = ovs.model.when(prompt="people", version="v1beta", endpoint="chat").reply("three")
    ovs.model.when(prompt=re.compile("how many", re.IGNORECASE), model="Qwen/Qwen3.5-9B", mode="clip").reply("two")
    ovs.model.when(frames=3, stream_id="s").fail("three are too many")
    ovs.model.when(frames=lambda frames: len(frames) > 3).reply("many")
    ovs.model.when(where=lambda question: question.temperature == 0).reply("cold")
    used: int = rule.used
    assert used == 0


def test_failures(ovs: Ovs) -> None:
    ovs.model.reply(Reply.blocked(), Reply.upstream(503, {"error": "busy"}), Reply.timeout(latency=30))
    ovs.model.reply(Reply("half an ans", finish_reason="length", tokens_per_second=20))
    ovs.model.reply(Reply(tool_calls=["look", ("open_door", {"which": "left"})]))


def test_questions(ovs: Ovs) -> None:
    question = ovs.model.questions[-1]
    prompts: list[str] = [question.prompt for question in ovs.model.questions]
    numbers = [frame.stamp.number for frame in question.frames if frame.stamp]
    texts = [message.text for message in question.messages]
    assert prompts
    assert numbers
    assert texts
    assert [(str(rule), rule.used, rule.expected) for rule in ovs.model.unused]
