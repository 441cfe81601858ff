"""v1 and v1beta: answers that are streamed."""

import json
from collections.abc import Iterable
from typing import Any

from ovs_mock.api.chat.sse import DONE
from ovs_mock.api.message_filter import CloseFrame, Item, MessageFilter
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.edits import at, change, drop, put
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.message_filters import CHATS, chunks, events, filters, replace_chunks
from ovs_mock.mutants.requests import bodies
from ovs_mock.mutants.responses import on

AREA = Area("chat/sse")
CHAT_CORS = Area("chat/cors")
V1BETA_LIMITS = Area("v1beta/limits")
V1BETA_REGIONS = Area("v1beta/regions")


def _is_streamed(_: MutantRequest, response: MutantResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/event-stream")


def _ends(chunk: Any) -> bool:
    return at(chunk, "choices.0.finish_reason") is not None


def _begins(chunk: Any) -> bool:
    return at(chunk, "choices.0.delta.role") is not None


def _has_text(chunk: Any) -> bool:
    return bool(at(chunk, "choices.0.delta.content"))


def _is_usage(chunk: Any) -> bool:
    return isinstance(at(chunk, "usage"), dict)


class ChunkFilter(MessageFilter):
    """Sees the chunks of one answer in order."""

    def __init__(self, _: MutantRequest) -> None:
        self.last: Any = None
        self.count = 0

    def on_send(self, item: Item) -> Iterable[Item]:
        if not isinstance(item, str) or item == DONE:
            return self.end(item)
        chunk = json.loads(item)
        sent = [json.dumps(other) for other in self.chunks(chunk)]
        self.last = chunk
        self.count += 1
        return sent

    def chunks(self, chunk: Any) -> list[Any]:
        return [chunk]

    def end(self, item: Item) -> Iterable[Item]:
        return (item,)


class UnaskedUsage(ChunkFilter):
    """A chunk with usage comes at the end, whether it was asked for or not."""

    def end(self, item: Item) -> Iterable[Item]:
        if self.last is None or _is_usage(self.last):
            return (item,)
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        return (json.dumps({**self.last, "choices": [], "usage": usage}), item)


class NewIds(ChunkFilter):
    """Every chunk has an id of its own."""

    def chunks(self, chunk: Any) -> list[Any]:
        return [{**chunk, "id": f"{chunk['id']}-{self.count}"}]


class CutShort(ChunkFilter):
    """The connection ends after three chunks."""

    def on_send(self, item: Item) -> Iterable[Item]:
        if self.count == 3:
            return (CloseFrame(0, ""),)
        return super().on_send(item)


class Reversed(ChunkFilter):
    """Two pieces of text change places."""

    def __init__(self, request: MutantRequest) -> None:
        super().__init__(request)
        self._held: Any = None

    def chunks(self, chunk: Any) -> list[Any]:
        held, self._held = self._held, None
        if held is None and _has_text(chunk) and not _ends(chunk) and self.count < 3:
            self._held = chunk
            return []
        return [chunk] if held is None else [chunk, held]


class LostTail(ChunkFilter):
    """The last piece of text is lost."""

    def __init__(self, request: MutantRequest) -> None:
        super().__init__(request)
        self._held: Any = None

    def chunks(self, chunk: Any) -> list[Any]:
        held, self._held = self._held, None
        if _has_text(chunk):
            self._held = chunk
            return [held] if held else []
        return [chunk] if held is None or _ends(chunk) else [held, chunk]


def _named(data: str) -> Iterable[Item]:
    return (f"event: message\ndata: {data}\n\n".encode(),)


def _unframed(data: str) -> Iterable[Item]:
    return (f"data: {data}\n".encode(),)


def _bare(data: str) -> Iterable[Item]:
    return (f"{data}\n\n".encode(),)


def _with_message(choice: Any) -> Any:
    return {"message" if name == "delta" else name: value for name, value in choice.items()}


MUTANTS = (
    AREA(
        "sse-without-done",
        "streamed answers do not end with [DONE]",
        message_filter=events(lambda data: () if data == DONE else (data,)),
    ),
    AREA(
        "sse-done-twice",
        "[DONE] comes twice",
        message_filter=events(lambda data: (data, data) if data == DONE else (data,)),
    ),
    AREA(
        "sse-done-as-json",
        "the end is {done: true}",
        message_filter=events(lambda data: ('{"done": true}',) if data == DONE else (data,)),
    ),
    AREA("sse-without-role", "no chunk has a role", message_filter=chunks(drop("choices.*.delta.role"))),
    AREA(
        "sse-role-in-every-chunk",
        "every chunk has the role",
        message_filter=chunks(put("choices.*.delta.role", "assistant")),
    ),
    AREA(
        "sse-usage-missing",
        "the chunk with the usage never comes",
        message_filter=replace_chunks(lambda chunk: [] if _is_usage(chunk) else [chunk]),
    ),
    AREA(
        "sse-usage-unasked",
        "a chunk with the usage comes without being asked for",
        message_filter=filters(CHATS, UnaskedUsage),
    ),
    AREA(
        "sse-usage-with-choice",
        "the chunk with the usage has a choice",
        message_filter=chunks(put("choices", [{"index": 0, "delta": {}, "finish_reason": None}]), when=_is_usage),
    ),
    AREA(
        "sse-usage-without-cache",
        "the chunk with the usage does not say what was cached",
        message_filter=chunks(drop("overshoot"), when=_is_usage),
    ),
    AREA(
        "sse-usage-total-wrong",
        "total_tokens of a streamed answer are one too many",
        message_filter=chunks(change("usage.total_tokens", lambda tokens: tokens + 1), when=_is_usage),
    ),
    AREA(
        "sse-finish-twice",
        "the finish_reason comes twice",
        message_filter=replace_chunks(lambda chunk: [chunk, chunk] if _ends(chunk) else [chunk]),
    ),
    AREA(
        "sse-finish-missing",
        "no chunk has a finish_reason",
        message_filter=chunks(put("choices.*.finish_reason", None), when=_ends),
    ),
    AREA(
        "sse-finish-key-missing",
        "chunks leave out finish_reason until there is one",
        message_filter=chunks(drop("choices.*.finish_reason"), when=lambda chunk: not _ends(chunk)),
    ),
    AREA("sse-new-ids", "every chunk has an id of its own", message_filter=filters(CHATS, NewIds)),
    AREA(
        "sse-object-wrong",
        "the object of a chunk is chat.completion",
        message_filter=chunks(put("object", "chat.completion")),
    ),
    AREA(
        "sse-delta-as-message",
        "chunks have a message in place of a delta",
        message_filter=chunks(
            lambda chunk: {**chunk, "choices": [_with_message(choice) for choice in chunk["choices"]]}
        ),
    ),
    AREA(
        "sse-one-index",
        "all choices of a streamed answer have index 0",
        message_filter=chunks(put("choices.*.index", 0)),
    ),
    AREA("sse-text-out-of-order", "pieces of text come in the wrong order", message_filter=filters(CHATS, Reversed)),
    AREA("sse-tail-lost", "the last piece of text is lost", message_filter=filters(CHATS, LostTail)),
    AREA("sse-cut-short", "streamed answers end after three chunks", message_filter=filters(CHATS, CutShort)),
    AREA(
        "sse-after-done",
        "something comes after [DONE]",
        message_filter=events(lambda data: (data, "{}") if data == DONE else (data,)),
    ),
    AREA("sse-named-events", "events have a name", message_filter=events(_named)),
    AREA("sse-unframed", "no empty line ends an event", message_filter=events(_unframed)),
    AREA("sse-without-data-prefix", "events do not begin with data:", message_filter=events(_bare)),
    AREA(
        "sse-content-type-json",
        "the content type of a streamed answer is JSON",
        on(CHATS, 200, headers={"Content-Type": "application/json"}, when=_is_streamed),
    ),
    AREA("sse-not-streamed", "stream is ignored: the answer comes whole", message_filter=bodies(CHATS, drop("stream"))),
    V1BETA_LIMITS(
        "sse-without-rate-limit",
        "streamed answers do not say what is left of the rate limit",
        on(CHATS, 200, headers={"x-ratelimit-remaining": None}, when=_is_streamed),
    ),
    V1BETA_REGIONS(
        "sse-without-region",
        "streamed answers do not say their region",
        on(CHATS, 200, headers={"X-Overshoot-Region": None}, when=_is_streamed),
    ),
    CHAT_CORS(
        "sse-without-cors",
        "streamed answers cannot be read by other origins",
        on(CHATS, 200, headers={"Access-Control-Allow-Origin": None}, when=_is_streamed),
    ),
)
