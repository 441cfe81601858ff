"""The chats of the toy server: what is wrong with a body, and an answer that is always the same."""

import json
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

WORDS = ["A", "river", "runs", "slowly", "through", "the", "quiet", "green", "valley."]
FIELDS = {"model", "messages", "n", "max_tokens", "max_completion_tokens", "stream", "stream_options"}
ROLES = ("system", "user", "assistant")


@dataclass
class Invalid:
    """Where a request is wrong."""

    place: list[str | int]
    at: str = "body"


def problem_of(body: Any, *, strict: bool) -> Invalid | None:
    """The first thing that is wrong with the body of a chat. ``strict`` takes unknown fields for wrong."""
    if not isinstance(body, dict):
        return Invalid([])
    if not isinstance(body.get("model"), str):
        return Invalid(["model"])
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return Invalid(["messages"])
    for number, message in enumerate(messages):
        if not _is_message(message):
            return Invalid(["messages", number])
    odd = set(body) - FIELDS if strict else set()
    return Invalid([odd.pop()]) if odd else _problem_of_options(body)


def _problem_of_options(body: Json) -> Invalid | None:
    for name, least in (("n", 1), ("max_tokens", 0), ("max_completion_tokens", 0)):
        value = body.get(name)
        if value is not None and (not isinstance(value, int) or value < least):
            return Invalid([name])
    if not isinstance(body.get("stream", False), bool):
        return Invalid(["stream"])
    form = body.get("response_format", {"type": "text"})
    kinds = ("text", "json_object") if "json_schema" not in form else ("text", "json_object", "json_schema")
    return None if form.get("type") in kinds else Invalid(["response_format"])


def _is_message(message: Any) -> bool:
    if not isinstance(message, dict) or message.get("role") not in ROLES:
        return False
    content = message.get("content")
    return isinstance(content, str) or (isinstance(content, list) and all(map(_is_part, content)))


def _is_part(part: Any) -> bool:
    match part:
        case {"type": "text", "text": str()}:
            return True
        case {"type": "image_url", "image_url": {"url": str()}} | {"type": "video_url", "video_url": {"url": str()}}:
            return True
        case _:
            return False


def completion(body: Json, number: int, now: int) -> Json:
    """An answer of nine words, each a token, or as many as are allowed."""
    limit = body.get("max_completion_tokens", body.get("max_tokens"))
    words = WORDS[:limit]
    message = {"role": "assistant", "content": " ".join(words), "tool_calls": None, "function_call": None}
    end = "stop" if len(words) == len(WORDS) else "length"
    choices = [{"index": i, "message": message, "finish_reason": end} for i in range(body.get("n", 1))]
    prompt, said = _prompt_tokens(body["messages"]), len(words) * len(choices)
    return {
        "id": f"chatcmpl-toy-{number}",
        "object": "chat.completion",
        "created": now,
        "model": body["model"],
        "choices": choices,
        "usage": {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said},
        "overshoot": {"cache": {"thread_id": None, "cache_hit": False, "cached_input_tokens": 0}},
    }


def chunks(answer: Json, body: Json, *, done: bool) -> str:
    """The same answer as server-sent events."""
    usage, overshoot, whole = answer.pop("usage"), answer.pop("overshoot"), answer.pop("choices")
    answer["object"] = "chat.completion.chunk"
    events = []
    for choice in whole:
        words = [f"{word} " for word in choice["message"]["content"].split()]
        deltas: list[Json] = [{"role": "assistant", "content": ""}, *({"content": word} for word in words), {}]
        for delta in deltas:
            end = None if delta else choice["finish_reason"]
            events.append({**answer, "choices": [{"index": choice["index"], "delta": delta, "finish_reason": end}]})
    if (body.get("stream_options") or {}).get("include_usage"):
        events.append({**answer, "choices": [], "usage": usage, "overshoot": overshoot})
    data = [json.dumps(event) for event in events] + (["[DONE]"] if done else [])
    return "".join(f"data: {each}\n\n" for each in data)


def _prompt_tokens(messages: list[Json]) -> int:
    return sum(len(json.dumps(message["content"]).split()) + 4 for message in messages)
