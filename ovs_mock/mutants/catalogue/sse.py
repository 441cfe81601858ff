"""v1 and v1beta: answers that are streamed."""

import json
from collections.abc import Iterable
from typing import Any

from ovs_mock.api.chat.sse import DONE
from ovs_mock.api.message_filter import CloseFrame, Item, MessageFilter
from ovs_mock.mutants.answers import on
from ovs_mock.mutants.edits import at, change, drop, put
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.message_filters import CHATS, chunks, chunks_to, events, filters
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.requests import bodies

AREA = "chat/sse"


def _is_streamed(_: MutantRequest, reply: MutantResponse) -> bool:
    return reply.headers.get("Content-Type", "").startswith("text/event-stream")


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

    def __init__(self, asked: MutantRequest) -> None:
        super().__init__(asked)
        self._held: Any = None

    def chunks(self, chunk: Any) -> list[Any]:
        held, self._held = self._held, None
        if held is None and _has_text(chunk) and not _ends(chunk) and self.count < 3:
            self._held = chunk
            return []
        return [chunk] if held is None else [chunk, held]


class LostTail(ChunkFilter):
    """The last piece of text is lost."""

    def __init__(self, asked: MutantRequest) -> None:
        super().__init__(asked)
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
    Mutant(
        name="sse-without-done",
        area=AREA,
        description="streamed answers do not end with [DONE]",
        message_filter=events(lambda data: () if data == DONE else (data,)),
    ),
    Mutant(
        name="sse-done-twice",
        area=AREA,
        description="[DONE] comes twice",
        message_filter=events(lambda data: (data, data) if data == DONE else (data,)),
    ),
    Mutant(
        name="sse-done-as-json",
        area=AREA,
        description="the end is {done: true}",
        message_filter=events(lambda data: ('{"done": true}',) if data == DONE else (data,)),
    ),
    Mutant(
        name="sse-without-role",
        area=AREA,
        description="no chunk has a role",
        message_filter=chunks(drop("choices.*.delta.role")),
    ),
    Mutant(
        name="sse-role-in-every-chunk",
        area=AREA,
        description="every chunk has the role",
        message_filter=chunks(put("choices.*.delta.role", "assistant")),
    ),
    Mutant(
        name="sse-usage-missing",
        area=AREA,
        description="the chunk with the usage never comes",
        message_filter=chunks_to(lambda chunk: [] if _is_usage(chunk) else [chunk]),
    ),
    Mutant(
        name="sse-usage-unasked",
        area=AREA,
        description="a chunk with the usage comes without being asked for",
        message_filter=filters(CHATS, UnaskedUsage),
    ),
    Mutant(
        name="sse-usage-with-choice",
        area=AREA,
        description="the chunk with the usage has a choice",
        message_filter=chunks(put("choices", [{"index": 0, "delta": {}, "finish_reason": None}]), when=_is_usage),
    ),
    Mutant(
        name="sse-usage-without-cache",
        area=AREA,
        description="the chunk with the usage does not say what was cached",
        message_filter=chunks(drop("overshoot"), when=_is_usage),
    ),
    Mutant(
        name="sse-usage-total-wrong",
        area=AREA,
        description="total_tokens of a streamed answer are one too many",
        message_filter=chunks(change("usage.total_tokens", lambda tokens: tokens + 1), when=_is_usage),
    ),
    Mutant(
        name="sse-finish-twice",
        area=AREA,
        description="the finish_reason comes twice",
        message_filter=chunks_to(lambda chunk: [chunk, chunk] if _ends(chunk) else [chunk]),
    ),
    Mutant(
        name="sse-finish-missing",
        area=AREA,
        description="no chunk has a finish_reason",
        message_filter=chunks(put("choices.*.finish_reason", None), when=_ends),
    ),
    Mutant(
        name="sse-finish-key-missing",
        area=AREA,
        description="chunks leave out finish_reason until there is one",
        message_filter=chunks(drop("choices.*.finish_reason"), when=lambda chunk: not _ends(chunk)),
    ),
    Mutant(
        name="sse-new-ids",
        area=AREA,
        description="every chunk has an id of its own",
        message_filter=filters(CHATS, NewIds),
    ),
    Mutant(
        name="sse-object-wrong",
        area=AREA,
        description="the object of a chunk is chat.completion",
        message_filter=chunks(put("object", "chat.completion")),
    ),
    Mutant(
        name="sse-delta-as-message",
        area=AREA,
        description="chunks have a message in place of a delta",
        message_filter=chunks(
            lambda chunk: {**chunk, "choices": [_with_message(choice) for choice in chunk["choices"]]}
        ),
    ),
    Mutant(
        name="sse-one-index",
        area=AREA,
        description="all choices of a streamed answer have index 0",
        message_filter=chunks(put("choices.*.index", 0)),
    ),
    Mutant(
        name="sse-text-out-of-order",
        area=AREA,
        description="pieces of text come in the wrong order",
        message_filter=filters(CHATS, Reversed),
    ),
    Mutant(
        name="sse-tail-lost",
        area=AREA,
        description="the last piece of text is lost",
        message_filter=filters(CHATS, LostTail),
    ),
    Mutant(
        name="sse-cut-short",
        area=AREA,
        description="streamed answers end after three chunks",
        message_filter=filters(CHATS, CutShort),
    ),
    Mutant(
        name="sse-after-done",
        area=AREA,
        description="something comes after [DONE]",
        message_filter=events(lambda data: (data, "{}") if data == DONE else (data,)),
    ),
    Mutant(name="sse-named-events", area=AREA, description="events have a name", message_filter=events(_named)),
    Mutant(name="sse-unframed", area=AREA, description="no empty line ends an event", message_filter=events(_unframed)),
    Mutant(
        name="sse-without-data-prefix",
        area=AREA,
        description="events do not begin with data:",
        message_filter=events(_bare),
    ),
    Mutant(
        name="sse-content-type-json",
        area=AREA,
        description="the content type of a streamed answer is JSON",
        response=on(CHATS, 200, headers={"Content-Type": "application/json"}, when=_is_streamed),
    ),
    Mutant(
        name="sse-not-streamed",
        area=AREA,
        description="stream is ignored: the answer comes whole",
        message_filter=bodies(CHATS, drop("stream")),
    ),
    Mutant(
        name="sse-without-rate-limit",
        area="v1beta/limits",
        description="streamed answers do not say what is left of the rate limit",
        response=on(CHATS, 200, headers={"x-ratelimit-remaining": None}, when=_is_streamed),
    ),
    Mutant(
        name="sse-without-region",
        area="v1beta/regions",
        description="streamed answers do not say their region",
        response=on(CHATS, 200, headers={"X-Overshoot-Region": None}, when=_is_streamed),
    ),
    Mutant(
        name="sse-without-cors",
        area="chat/cors",
        description="streamed answers cannot be read by other origins",
        response=on(CHATS, 200, headers={"Access-Control-Allow-Origin": None}, when=_is_streamed),
    ),
)
