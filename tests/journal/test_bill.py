"""The bill has whatever an account was charged for."""

import httpx

from ovs_mock import Ovs, Reply, events

CHAT = {
    "model": "Qwen/Qwen3.5-9B",
    "messages": [{"role": "user", "content": "What is there?"}],
    "stream": True,
}


def test_a_chat_that_its_caller_cancelled_is_on_the_bill(ovs: Ovs) -> None:
    ovs.model.reply(Reply("word " * 500, tokens_per_second=50))
    before = ovs.balance()
    with (
        httpx.Client(base_url=ovs.v1beta, headers={"Authorization": f"Bearer {ovs.api_key}"}) as api,
        api.stream("POST", "/chat/completions", json=CHAT) as answer,
    ):
        next(answer.iter_lines())
    ovs.wait_until(lambda: bool(ovs.journal.events(events.ChatCancelled)), description="the end of the chat")
    (left,) = ovs.journal.events(events.ChatCancelled)
    assert 0 < left.cost == before - ovs.balance() == ovs.bill.microcents
    assert [line.what for line in ovs.bill.lines] == ["chats with Qwen/Qwen3.5-9B"]
    assert "chat is left by its caller" in str(ovs.journal)
