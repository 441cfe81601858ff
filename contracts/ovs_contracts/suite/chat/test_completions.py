"""Chat completions that are not streamed."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ovs_contracts.client.chat import MODEL, ChatClient, frame_of, text
from ovs_contracts.client.video import VideoStream, prompt_tokens
from ovs_contracts.runner.marks import costs, documented, sends_video
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.exchange import Exchange, hold

KEYS = {"choices", "created", "id", "model", "object", "overshoot", "usage"}
MESSAGE_KEYS = {"role", "content", "tool_calls", "function_call"}
TWO_SENTENCES = "Write two long sentences about rivers."


@documented("the response has choices, created, id, model, object, overshoot, usage; message its four keys")
@costs(0.05)
def test_the_form_of_a_completion(chat: ChatClient, clock: TargetTime) -> None:
    """A completion has OpenAI's format plus the field overshoot, and names the requested model."""
    answer = chat.ask().expect(200)
    seen = answer.json
    hold("keys", expected=KEYS, seen=set(seen), exchange=answer)
    named = (seen["object"], seen["model"], bool(seen["id"]))
    hold("object, model, and an id", expected=("chat.completion", MODEL, True), seen=named, exchange=answer)
    hold("created is whole seconds", expected="int", seen=type(seen["created"]).__name__, exchange=answer)
    assert abs(seen["created"] - clock.now()) < 60 + answer.seconds
    (choice,) = seen["choices"]
    hold("index and end", expected=(0, "stop"), seen=(choice["index"], choice["finish_reason"]), exchange=answer)
    message = choice["message"]
    hold("keys of the message", expected=MESSAGE_KEYS, seen=set(message), exchange=answer)
    empty = (message["role"], message["tool_calls"], message["function_call"])
    hold("role, and calls", expected=("assistant", None, None), seen=empty, exchange=answer)
    assert message["content"], "something is said"


@documented("usage: {prompt_tokens, completion_tokens, total_tokens}")
@costs(0.1)
def test_usage(chat: ChatClient) -> None:
    """Usage has the tokens of the prompt, of the completion, and their sum; a longer prompt has more tokens."""
    short, long = (chat.ask(text(words)).expect(200) for words in ("Say hello.", "Say hello. " + "Then wait. " * 40))
    for answer in (short, long):
        usage = answer.json["usage"]
        hold("keys", expected={"prompt_tokens", "completion_tokens", "total_tokens"}, seen=set(usage), exchange=answer)
        total = usage["prompt_tokens"] + usage["completion_tokens"]
        hold("total_tokens", expected=total, seen=usage["total_tokens"], exchange=answer)
        assert usage["completion_tokens"] > 0
    assert prompt_tokens(long) >= prompt_tokens(short) + 40, f"{prompt_tokens(long)} and {prompt_tokens(short)} tokens"


@documented("each completion has an id")
@costs(0.1)
def test_ids_are_unique(chat: ChatClient) -> None:
    """Two completions have different ids."""
    one, other = (chat.ask().expect(200).json["id"] for _ in range(2))
    assert one != other


@documented("n: several choices")
@costs(0.15)
def test_several_choices(chat: ChatClient) -> None:
    """n=3 returns three choices, numbered from 0, and usage counts the tokens of all of them."""
    answer = chat.ask(fields={"n": 3, "max_completion_tokens": 2}).expect(200)
    choices = answer.json["choices"]
    hold("indices", expected=[0, 1, 2], seen=[choice["index"] for choice in choices], exchange=answer)
    assert all(choice["message"]["content"] and choice["finish_reason"] for choice in choices)
    tokens = answer.json["usage"]["completion_tokens"]
    assert 3 <= tokens <= 6, f"{tokens} tokens in three choices of at most 2"


@documented("max_completion_tokens, legacy alias max_tokens; finish_reason length")
@costs(0.05)
@pytest.mark.parametrize("name", ["max_completion_tokens", "max_tokens"])
@pytest.mark.parametrize("most", [1, 5])
def test_a_limit_of_tokens(chat: ChatClient, name: str, most: int) -> None:
    """A completion that reaches its token limit ends there, with the finish reason length."""
    answer = chat.ask(text(TWO_SENTENCES), fields={name: most}).expect(200)
    reason, tokens = answer.json["choices"][0]["finish_reason"], answer.json["usage"]["completion_tokens"]
    hold("finish_reason and tokens", expected=("length", most), seen=(reason, tokens), exchange=answer)


@documented("finish_reason stop; a limit that is not reached changes nothing")
@costs(0.05)
def test_a_limit_that_is_not_reached(chat: ChatClient) -> None:
    """A completion shorter than its token limit has the finish reason stop."""
    answer = chat.ask(text("Say hello."), fields={"max_completion_tokens": 1000}).expect(200)
    hold("finish_reason", expected="stop", seen=answer.json["choices"][0]["finish_reason"], exchange=answer)


@documented("OpenAI-compatible and permissive: unknown fields are accepted")
@costs(0.05)
def test_unknown_fields(chat: ChatClient) -> None:
    """OpenAI fields that this API does not support, and unknown fields, are accepted."""
    fields = {
        "temperature": 0.2,
        "top_p": 0.9,
        "seed": 7,
        "user": "somebody",
        "logit_bias": {},
        "nobody_has": {"x": [1]},
    }
    answer = chat.ask(fields={**fields, "max_completion_tokens": 4}).expect(200)
    hold("keys", expected=KEYS, seen=set(answer.json), exchange=answer)


@documented("bodies are JSON, in UTF-8 whether their content type says so or not")
@costs(0.05)
@pytest.mark.parametrize("media", ["application/json", "application/json; charset=utf-8"])
def test_bodies_in_utf_8(chat: ChatClient, media: str) -> None:
    """A body may hold unescaped UTF-8, with or without a charset in its content type."""
    asked = {"model": MODEL, "messages": [{"role": "user", "content": "Grüße! 你好 🙂"}], "max_completion_tokens": 8}
    raw = json.dumps(asked, ensure_ascii=False).encode()
    path = f"{chat.prefix}/chat/completions"
    answer = chat.http("POST", path, key=chat.key, content=raw, headers={"Content-Type": media}).expect(200)
    assert answer.json["choices"][0]["message"]["content"]


@documented("roles system, user, assistant; content a string or parts")
@costs(0.1)
def test_a_conversation(chat: ChatClient) -> None:
    """A conversation of several roles is answered, and the tokens of all its messages count."""
    talk: list[dict[str, Any]] = [
        {"role": "system", "content": "You answer in one word, and never explain anything to anybody."},
        {"role": "user", "content": "Which colour has the sky on a clear day, at noon, far from any city?"},
        {"role": "assistant", "content": "Blue, as anybody can see who looks up at it at noon."},
        {"role": "user", "content": [text("And grass?"), text("In spring.")]},
    ]
    short = {"model": MODEL, "max_completion_tokens": 8}
    whole, last = (chat.complete({**short, "messages": messages}) for messages in (talk, talk[-1:]))
    assert prompt_tokens(whole) > prompt_tokens(last) + 20, f"{prompt_tokens(whole)} and {prompt_tokens(last)} tokens"
    assert whole.json["choices"][0]["message"]["content"]


@documented("clients: two or more completions run in parallel on one stream")
@sends_video(5)
@costs(0.2)
def test_completions_in_parallel(chat: ChatClient, video: VideoStream) -> None:
    """Three completions about one stream may run at the same time."""

    def ask(index: int) -> Exchange:
        return video.frame(f"frame_index={index}", fields={"max_completion_tokens": 8})

    with ThreadPoolExecutor(3) as pool:
        answers = [answer.expect(200) for answer in pool.map(ask, range(3))]
    hold("different ids", expected=3, seen=len({answer.json["id"] for answer in answers}))


@documented("models take images, in any order with text")
@sends_video(5)
@costs(0.1)
def test_a_frame_before_and_after_the_text(chat: ChatClient, video: VideoStream) -> None:
    """A frame may stand before or after the text, and in a message before the last one."""
    frame, words = frame_of(video.id), text("What is there?")
    before, after = chat.ask(frame, words), chat.ask(words, frame)
    hold("tokens", expected=prompt_tokens(before), seen=prompt_tokens(after), exchange=after)
    earlier = [{"role": "user", "content": [frame]}, {"role": "user", "content": "What is there?"}]
    chat.complete({"model": MODEL, "messages": earlier}).expect(200)
