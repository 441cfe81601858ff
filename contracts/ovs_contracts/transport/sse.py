"""Server-sent events, read strictly: a check wants to see what a lenient client forgives."""

from typing import Any

from ovs_contracts.transport.exchange import Deviation, Exchange

DONE = "[DONE]"


def events(exchange: Exchange) -> list[str]:
    """The data of each event of an answer. A Deviation when the framing is not ``data: …`` and an empty line."""
    text = exchange.text
    if text and not text.endswith("\n\n"):
        raise Deviation("every event ends with an empty line", expected="\\n\\n", seen=text[-80:], exchange=exchange)
    return [_data(block, exchange) for block in text.split("\n\n") if block]


def chunks(exchange: Exchange) -> list[Any]:
    """The chunks before ``[DONE]``; a Deviation unless that comes last, and once."""
    import json

    data = events(exchange)
    if data[-1:] != [DONE] or data.count(DONE) != 1:
        raise Deviation("the stream ends with [DONE]", expected=DONE, seen=data[-2:], exchange=exchange)
    return [json.loads(event) for event in data[:-1]]


def _data(block: str, exchange: Exchange) -> str:
    lines = block.split("\n")
    if any(not line.startswith("data: ") for line in lines):
        raise Deviation("events are data lines", expected="data: …", seen=block[:120], exchange=exchange)
    return "\n".join(line.removeprefix("data: ") for line in lines)
