"""A completion that came in pieces."""

from typing import Any

from ovs_contracts.transport import sse
from ovs_contracts.transport.exchange import Deviation, Exchange

Json = dict[str, Any]


class CompletionChunks:
    """The chunks of an answer, its framing checked: those with choices, and the one with the usage, if it came."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange.expect(200)
        self.all: list[Json] = sse.chunks(exchange)
        for chunk in self.all:
            if not _is_chunk(chunk):
                raise Deviation(
                    "every event is a chunk", expected="choices, with deltas", seen=chunk, exchange=exchange
                )
        self.with_choices = [chunk for chunk in self.all if chunk["choices"]]
        self.without_choices = [chunk for chunk in self.all if not chunk["choices"]]

    def choices(self, index: int = 0) -> list[Json]:
        """What came for one of the choices, in order."""
        return [choice for chunk in self.with_choices for choice in chunk["choices"] if choice["index"] == index]

    def text(self, index: int = 0) -> str:
        return "".join(choice["delta"].get("content") or "" for choice in self.choices(index))

    def finish_reasons(self, index: int = 0) -> list[str]:
        """The ones that are not null: there should be one."""
        return [choice["finish_reason"] for choice in self.choices(index) if choice["finish_reason"] is not None]

    def tool_calls(self, index: int = 0) -> list[Json]:
        """Calls of tools, put together as clients do: a delta with an id begins one, others add to its arguments."""
        calls: dict[int, Json] = {}
        for choice in self.choices(index):
            for delta in choice["delta"].get("tool_calls") or ():
                call = calls.setdefault(delta["index"], {"id": None, "type": None, "name": None, "arguments": ""})
                function = delta.get("function") or {}
                call["arguments"] += function.get("arguments") or ""
                call.update({name: delta[name] for name in ("id", "type") if delta.get(name)})
                call.update({"name": function["name"]} if function.get("name") else {})
        return [calls[number] for number in sorted(calls)]


def _is_chunk(chunk: Any) -> bool:
    match chunk:
        case {"choices": [*choices]}:
            return all(map(_is_choice, choices))
        case _:
            return False


def _is_choice(choice: Any) -> bool:
    match choice:
        case {"index": int(), "delta": dict(), "finish_reason": str() | None}:
            return True
        case _:
            return False
