"""Prompt caches of v1beta: ``thread_id``."""

from typing import Any

from ovs_contracts.client.chat import MODEL, ChatClient
from ovs_contracts.client.video import prompt_tokens
from ovs_contracts.runner.marks import costs, documented, mock_only, needs
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.transport.exchange import Exchange, hold
from ovs_contracts.transport.realtime import unix_seconds

# Providers cache prompts by blocks, so a short one is never cached.
LONG = "Here is a list of things to remember. " + " ".join(f"Thing {n} is number {n * n}." for n in range(150))


@documented("overshoot: {cache: {thread_id|null, cache_hit, cached_input_tokens}}")
@costs(0.05)
def test_without_a_thread(v1beta: ChatClient) -> None:
    """A completion without a thread has thread_id null, no cache hit, and no cached tokens."""
    answer = v1beta.ask().expect(200)
    expected = {"cache": {"thread_id": None, "cache_hit": False, "cached_input_tokens": 0}}
    hold("overshoot", expected=expected, seen=answer.json["overshoot"], exchange=answer)


@documented("thread_id: completions of one thread share a prompt cache")
@costs(0.4)
def test_a_thread_caches_its_prompt(v1beta: ChatClient) -> None:
    """The first completion of a thread has no cache hit, the second one with the same beginning has one."""
    thread = _new_thread()
    first, second = (v1beta.complete(_asked(thread, LONG)).expect(200) for _ in range(2))
    hold("the first", expected=(thread, False, 0), seen=_cache(first), exchange=first)
    seen_thread, hit, cached = _cache(second)
    hold("the second", expected=(thread, True), seen=(seen_thread, hit), exchange=second)
    assert 0 < cached <= prompt_tokens(second), f"{cached} tokens cached, of {prompt_tokens(second)}"
    hold("prompt tokens, cached ones included", expected=prompt_tokens(first), seen=prompt_tokens(second))


@documented("a thread is one of many")
@costs(0.4)
def test_threads_do_not_share(v1beta: ChatClient) -> None:
    """Another thread, or no thread, has no cache hit."""
    words = f"{LONG} {_new_thread()}"
    v1beta.complete(_asked(_new_thread(), words)).expect(200)
    other, none = v1beta.complete(_asked(_new_thread() + "-other", words)), v1beta.complete(_asked(None, words))
    hold("hits of another thread", expected=(False, 0), seen=_cache(other.expect(200))[1:], exchange=other)
    hold("hits without a thread", expected=(None, False, 0), seen=_cache(none.expect(200)), exchange=none)


@documented("threads belong to their user")
@needs(Capability.SECOND_KEY)
@costs(0.4)
def test_users_do_not_share_threads(v1beta: ChatClient, other_key: str) -> None:
    """Another user's thread of the same name has no cache hit."""
    asked = _asked(_new_thread(), LONG)
    v1beta.complete(asked).expect(200)
    other = v1beta.complete(asked, key=other_key).expect(200)
    hold("hits of another user", expected=(False, 0), seen=_cache(other)[1:], exchange=other)


@mock_only("providers cache in blocks of their own")
def test_what_of_a_prompt_is_cached(v1beta: ChatClient) -> None:
    """The leading messages that equal those of the thread's last completion are cached."""
    thread, one, two = _new_thread(), _said("one " * 20), _said("two " * 20)
    alone = prompt_tokens(v1beta.complete({"model": MODEL, "messages": [one], "thread_id": thread}))
    longer = v1beta.complete({"model": MODEL, "messages": [one, two], "thread_id": thread})
    hold("a longer talk", expected=(thread, True, alone), seen=_cache(longer), exchange=longer)
    changed = v1beta.complete({"model": MODEL, "messages": [two, one], "thread_id": thread})
    hold("another talk", expected=(thread, False, 0), seen=_cache(changed), exchange=changed)


def _new_thread() -> str:
    return f"contract-{unix_seconds():.6f}"


def _asked(thread: str | None, words: str) -> dict[str, Any]:
    named = {} if thread is None else {"thread_id": thread}
    return {"model": MODEL, "messages": [_said(words)], "max_completion_tokens": 8, **named}


def _said(words: str) -> dict[str, str]:
    return {"role": "user", "content": words}


def _cache(answer: Exchange) -> tuple[str | None, bool, int]:
    cache = answer.json["overshoot"]["cache"]
    hold("keys", expected={"thread_id", "cache_hit", "cached_input_tokens"}, seen=set(cache), exchange=answer)
    return cache["thread_id"], cache["cache_hit"], cache["cached_input_tokens"]
