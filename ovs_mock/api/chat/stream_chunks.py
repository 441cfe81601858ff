"""The chunks of a streamed chat: what is sent for each of its events. Pure."""

from typing import Any

from ovs_mock.api.chat import encode_chat as encode
from ovs_mock.engine.events import ChatFinished, ChatStarted, ChatToken
from ovs_mock.engine.inference import Answer

Json = dict[str, Any]


class ChunkEncoder:
    """Encodes the events of one chat: for each choice its role, text, tool calls and finish reason."""

    def __init__(self, started: ChatStarted, *, include_usage: bool) -> None:
        self._started = started
        self._include_usage = include_usage
        self._sent: dict[int, int] = {}

    def token(self, event: ChatToken) -> list[Json]:
        return [*self._begin(event.choice), self._text(event.choice, event.text)]

    def finished(self, event: ChatFinished) -> list[Json]:
        last = [chunk for index, answer in enumerate(event.answers) for chunk in self._rest(index, answer)]
        return [*last, encode.usage_chunk(self._started, event)] if self._include_usage else last

    def _rest(self, index: int, answer: Answer) -> list[Json]:
        unsent = answer.text[self._sent.get(index, 0) :]
        return [
            *self._begin(index),
            *([self._text(index, unsent)] if unsent else []),
            *(self._chunk(index, delta) for delta in encode.tool_call_deltas(answer)),
            self._chunk(index, {}, answer.finish_reason),
        ]

    def _begin(self, index: int) -> list[Json]:
        if index in self._sent:
            return []
        self._sent[index] = 0
        return [self._chunk(index, {"role": "assistant", "content": ""})]

    def _text(self, index: int, text: str) -> Json:
        self._sent[index] += len(text)
        return self._chunk(index, {"content": text})

    def _chunk(self, index: int, delta: Json, finish_reason: str | None = None) -> Json:
        return encode.chunk(self._started, index, delta, finish_reason, with_usage=self._include_usage)
