"""From the engine's chat events to OpenAI's chat completions and chunks. Pure."""

from typing import Any

from ovs_mock.engine.conversation import ToolCall
from ovs_mock.engine.events import CacheUse, ChatFinished, ChatStarted
from ovs_mock.engine.inference import Answer, Usage
from ovs_mock.engine.instants import SECOND

Json = dict[str, Any]


def completion(started: ChatStarted, finished: ChatFinished) -> Json:
    return {
        **_head(started, "chat.completion"),
        "choices": [
            {"index": index, "message": message(answer), "finish_reason": answer.finish_reason}
            for index, answer in enumerate(finished.answers)
        ],
        "usage": usage(finished.usage),
        "overshoot": overshoot(finished.cache),
    }


def message(answer: Answer) -> Json:
    """All four keys are always there: production sends them so, and clients read them."""
    return {
        "role": "assistant",
        "content": answer.text or None if answer.tool_calls else answer.text,
        "tool_calls": [tool_call(call) for call in answer.tool_calls] or None,
        "function_call": None,
    }


def tool_call(call: ToolCall) -> Json:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


def usage(used: Usage) -> Json:
    return {
        "prompt_tokens": used.prompt_tokens,
        "completion_tokens": used.completion_tokens,
        "total_tokens": used.total_tokens,
    }


def overshoot(cache: CacheUse) -> Json:
    return {
        "cache": {
            "thread_id": cache.thread_id,
            "cache_hit": cache.hit,
            "cached_input_tokens": cache.cached_tokens,
        }
    }


def chunk(
    started: ChatStarted, index: int, delta: Json, finish_reason: str | None = None, *, with_usage: bool = False
) -> Json:
    """A piece of an answer; ``with_usage`` when a chunk with the usage is to follow, of which the others have none."""
    choice = {"index": index, "delta": delta, "finish_reason": finish_reason}
    empty = {"usage": None} if with_usage else {}
    return {**_head(started, "chat.completion.chunk"), "choices": [choice], **empty}


def usage_chunk(started: ChatStarted, finished: ChatFinished) -> Json:
    """The last one, with the usage of all choices and no choice."""
    return {
        **_head(started, "chat.completion.chunk"),
        "choices": [],
        "usage": usage(finished.usage),
        "overshoot": overshoot(finished.cache),
    }


def tool_call_deltas(answer: Answer) -> list[Json]:
    """Each call in two: its name, then its arguments."""
    deltas = []
    for index, call in enumerate(answer.tool_calls):
        named = {**tool_call(call), "index": index, "function": {"name": call.name, "arguments": ""}}
        deltas.append({"tool_calls": [named]})
        deltas.append({"tool_calls": [{"index": index, "function": {"arguments": call.arguments}}]})
    return deltas


def _head(started: ChatStarted, kind: str) -> Json:
    return {"id": started.exchange_id, "object": kind, "created": started.at // SECOND, "model": started.model}
