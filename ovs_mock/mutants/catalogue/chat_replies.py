"""v1 and v1beta: what chats are answered with."""

from collections.abc import Iterator
from typing import Any

from ovs_mock.mutants.area import Area, version_area
from ovs_mock.mutants.catalogue.routes import chat, in_turn
from ovs_mock.mutants.edits import Edit, change, drop, put
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.responses import on

CHAT_CHAT = Area("chat/chat")
V1BETA_TOOLS = Area("v1beta/tools")

FIRST = "choices.0"


def _total_of_completion(body: Any) -> Any:
    body["usage"]["total_tokens"] = body["usage"]["completion_tokens"]
    return body


def _text_alone(body: Any) -> Any:
    """Pictures are not counted."""
    usage = body["usage"]
    usage["prompt_tokens"] = min(usage["prompt_tokens"], 10)
    usage["total_tokens"] = usage["prompt_tokens"] + usage["completion_tokens"]
    return body


def _arguments_parsed(body: Any) -> Any:
    import json

    return change("choices.*.message.tool_calls.*.function.arguments", json.loads)(body)


EDITS: tuple[tuple[str, str, tuple[Edit, ...]], ...] = (
    ("without-usage", "answers have no usage", (drop("usage"),)),
    ("without-overshoot", "answers have no field overshoot", (drop("overshoot"),)),
    ("without-function-call", "messages leave out function_call", (drop("choices.*.message.function_call"),)),
    (
        "without-tool-calls",
        "messages leave out tool_calls when there are none",
        (lambda b: drop("choices.*.message.tool_calls")(b) if b["choices"][0]["message"]["tool_calls"] is None else b,),
    ),
    ("object-wrong", "the object of an answer is text_completion", (put("object", "text_completion"),)),
    ("created-in-milliseconds", "created is in milliseconds", (change("created", lambda s: s * 1_000),)),
    (
        "finish-end-turn",
        "the finish_reason stop is called end_turn",
        (change("choices.*.finish_reason", lambda r: "end_turn" if r == "stop" else r),),
    ),
    (
        "always-stop",
        "an answer that was cut off says stop",
        (change("choices.*.finish_reason", lambda r: "stop" if r == "length" else r),),
    ),
    ("index-from-one", "choices count from one", (change("choices.*.index", lambda i: i + 1),)),
    ("role-model", "the role of an answer is model", (put("choices.*.message.role", "model"),)),
    (
        "content-as-parts",
        "the content of an answer is a list of parts",
        (change("choices.*.message.content", lambda c: c and [{"type": "text", "text": c}]),),
    ),
    ("total-wrong", "total_tokens are those of the completion", (_total_of_completion,)),
    ("pictures-uncounted", "prompt_tokens do not count pictures", (_text_alone,)),
    ("tokens-as-text", "token counts are strings", (change("usage.*", str),)),
    (
        "model-shortened",
        "the model of an answer has lost its provider",
        (change("model", lambda m: m.rpartition("/")[2]),),
    ),
)

TOOLS: tuple[tuple[str, str, tuple[Edit, ...]], ...] = (
    (
        "calls-stop",
        "an answer that calls tools says stop",
        (change("choices.*.finish_reason", lambda r: "stop" if r == "tool_calls" else r),),
    ),
    (
        "content-empty-with-calls",
        "the content beside tool calls is empty and not null",
        (change("choices.*.message.content", lambda c: c or ""),),
    ),
    ("arguments-parsed", "arguments of a tool call are an object and not a string", (_arguments_parsed,)),
    ("calls-without-type", "tool calls have no type", (drop("choices.*.message.tool_calls.*.type"),)),
    ("calls-without-id", "tool calls have no id", (drop("choices.*.message.tool_calls.*.id"),)),
)


def _of(version: str) -> Iterator[Mutant]:
    for name, description, edits in EDITS:
        yield version_area(version, "chat")(f"chat-{name}", description, on(chat(version), 200, *edits))


def _tools() -> Iterator[Mutant]:
    """Only v1beta documents tools."""
    for name, description, edits in TOOLS:
        yield V1BETA_TOOLS(f"v1beta-chat-{name}", f"v1beta: {description}", on(chat("v1beta"), 200, *edits))


MUTANTS = (
    *in_turn(_of),
    *_tools(),
    CHAT_CHAT(
        "chat-answers-201",
        "v1 and v1beta: an answer is 201",
        on((chat("v1"), chat("v1beta")), 200, to=201, when=lambda _, response: response.complete),
    ),
)
