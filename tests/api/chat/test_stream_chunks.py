"""An answer in pieces is the same answer."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.api.chat import encode_chat as encode
from ovs_mock.api.chat.stream_chunks import ChunkEncoder
from ovs_mock.engine.conversation import ToolCall
from ovs_mock.engine.events import CacheUse, ChatFinished, ChatStarted, ChatToken
from ovs_mock.engine.inference import Answer, Usage

calls = st.builds(ToolCall, st.text(), st.text(), st.text())
answers = st.builds(
    Answer,
    text=st.text(),
    tool_calls=st.lists(calls, max_size=3).map(tuple),
    finish_reason=st.sampled_from(["stop", "length", "tool_calls", "content_filter"]),
)


def started(choices: int) -> ChatStarted:
    return ChatStarted(5_000_000, "chatcmpl_1", "m", choices, CacheUse("t", 4), None, None)


def put_together(chunks: list[Any]) -> list[Any]:
    """The choices of a completion, as a client collects them."""
    choices: dict[int, Any] = {}
    for chunk in chunks:
        for part in chunk["choices"]:
            delta = part["delta"]
            if "role" in delta:
                assert part["index"] not in choices, "each role comes once, and first"
                choices[part["index"]] = {"role": delta["role"], "content": "", "tool_calls": [], "finish_reason": None}
            choice = choices[part["index"]]
            assert choice["finish_reason"] is None, "nothing comes after the end"
            choice["content"] += delta.get("content", "")
            choice["finish_reason"] = part["finish_reason"]
            for call in delta.get("tool_calls", ()):
                if call["index"] == len(choice["tool_calls"]):
                    choice["tool_calls"].append({"id": call["id"], "name": call["function"]["name"], "arguments": ""})
                choice["tool_calls"][call["index"]]["arguments"] += call["function"]["arguments"]
    return [choices[index] for index in sorted(choices)]


@given(st.lists(answers, min_size=1, max_size=3), st.data(), st.booleans())
def test_pieces_of_any_size_and_order_make_the_whole(
    given_answers: list[Answer],
    data: st.DataObject,
    include_usage: bool,  # noqa: FBT001
) -> None:
    chunks = ChunkEncoder(started(len(given_answers)), include_usage=include_usage)
    sent: list[Any] = []
    unsaid = {index: answer.text for index, answer in enumerate(given_answers)}
    for index in data.draw(st.lists(st.sampled_from(sorted(unsaid)), max_size=6)):
        piece, unsaid[index] = unsaid[index][:2], unsaid[index][2:]
        sent += chunks.token(ChatToken(0, "chatcmpl_1", index, piece))
    usage = Usage(prompt_tokens=3, completion_tokens=4)
    finished = ChatFinished(0, "chatcmpl_1", tuple(given_answers), usage, CacheUse("t", 4), 0)
    sent += chunks.finished(finished)
    whole = encode.completion(started(len(given_answers)), finished)
    if include_usage:
        last = sent.pop()
        assert (last["choices"], last["usage"], last["overshoot"]) == ([], whole["usage"], whole["overshoot"])
        assert all(chunk["usage"] is None for chunk in sent)
    assert all((chunk["id"], chunk["created"]) == (whole["id"], whole["created"]) for chunk in sent)
    assert put_together(sent) == [
        {
            "role": "assistant",
            "content": choice["message"]["content"] or "",
            "tool_calls": [{"id": c["id"], **c["function"]} for c in choice["message"]["tool_calls"] or ()],
            "finish_reason": choice["finish_reason"],
        }
        for choice in whole["choices"]
    ]
    assert all(
        set(choice["message"]) == {"role", "content", "tool_calls", "function_call"} for choice in whole["choices"]
    )
