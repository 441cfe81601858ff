"""Calls and answers that nobody made, for those who watch them."""

import json
from typing import Any

from ovs_contracts.transport.exchange import Call, Exchange

ORIGIN = "https://api.example"
KEY = "ovs-key-of-a-test"
STREAM = "11111111-2222-4333-8444-555555555555"
CREATED_V02 = {"stream_id": STREAM, "lease": {"ttl_seconds": 45}}


def call(method: str, path: str, body: Any = None, *, key: str = KEY) -> Call:
    raw = b"" if body is None else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {key}", "user-agent": "a test"}
    return Call(method=method, url=ORIGIN + path, path=path, headers=headers, body=raw)


def exchange(
    method: str,
    path: str,
    status: int = 200,
    answer: Any = None,
    *,
    body: Any = None,
    headers: dict[str, str] | None = None,
    key: str = KEY,
) -> Exchange:
    """``answer`` is sent as JSON, or as it is when it is bytes."""
    raw = answer if isinstance(answer, bytes) else b"" if answer is None else json.dumps(answer).encode()
    return Exchange(call=call(method, path, body, key=key), status=status, headers=headers or {}, body=raw, seconds=0.0)


class Watch:
    """A clock that a test moves."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
