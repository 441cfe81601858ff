"""What a call costs, beside the least that aiohttp can do."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

from benchmarks import children
from benchmarks.measured import Group, Row, in_turns

ROUNDS = 7
CALLS = 400
CLIENTS = 16
BODY = json.dumps(
    {
        "processing": {"interval_seconds": 1.0},
        "inference": {"prompt": "What is there?", "model": "Qwen/Qwen3.5-9B"},
    }
).encode()
KINDS = ("bare", "mock", "fair")
PEERS = ("httpserver", "moto")
BARE = "bare aiohttp handler"
FAIR = "one that checks and signs"


def measure() -> Iterator[Row]:
    with ExitStack() as stack:
        servers = {kind: stack.enter_context(children.running(children.server(kind))) for kind in KINDS}
        peers = PEERS if children.have_peers() else ()
        servers |= {kind: stack.enter_context(children.running(children.peer_server(kind))) for kind in peers}
        yield _row("call.models", "GET /v0.2/models", servers, "GET", "/v0.2/models")
        yield _row("call.create", "POST /v0.2/streams", servers, "POST", "/v0.2/streams", body=BODY)
        yield _row(
            "call.create.fair", "POST, checked and signed", servers, "POST", "/v0.2/streams", body=BODY, beside="fair"
        )
        yield _row("call.many", f"GET, {CLIENTS} clients at a time", servers, "GET", "/v0.2/models", clients=CLIENTS)
        if peers:
            yield _row("", "GET of pytest-httpserver", servers, "GET", "/v0.2/models", of="httpserver")
            yield _row("", "GET of moto's server: S3's buckets", servers, "GET", "/v0.2/models", of="moto", ours="/")


def _row(
    key: str,
    what: str,
    servers: dict[str, children.Child],
    method: str,
    path: str,
    *,
    body: bytes = b"",
    clients: int = 1,
    of: str = "mock",
    beside: str = "bare",
    ours: str = "",
) -> Row:
    """Calls of the server ``of``, where they go to the path ``ours`` if it differs, beside those of another."""
    asked = _work(servers[of], method, ours or path, body, clients)
    samples, others = in_turns(ROUNDS, asked, _work(servers[beside], method, path, body, clients))
    peer = FAIR if beside == "fair" else BARE
    return Row(key=key, what=what, unit="µs", samples=samples, peer=peer, peer_samples=others, paired=True)


def _work(child: children.Child, method: str, path: str, body: bytes, clients: int) -> Callable[[], float]:
    """Microseconds that a call takes on average, over all clients together."""
    request = _request(child, method, path, body)
    port = urlsplit(child.facts["url"]).port
    assert port is not None

    async def everybody() -> float:
        begun = time.perf_counter()
        await asyncio.gather(*(_client(port, request, CALLS // clients) for _ in range(clients)))
        return (time.perf_counter() - begun) / (CALLS // clients * clients) * 1_000_000

    return lambda: asyncio.run(everybody())


def _request(child: children.Child, method: str, path: str, body: bytes) -> bytes:
    lines = (
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {child.facts['api_key']}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + body


async def _client(port: int, request: bytes, calls: int) -> None:
    """A client of next to no cost of its own, on one connection as long as the server keeps it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(calls):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.split(b" ", 2)[1].startswith(b"20"), head
        await reader.readexactly(_length(head))
        if b"\r\nconnection: close" in head.lower():
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    await writer.wait_closed()


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])


GROUP = Group(
    title="A call",
    how=(
        f"{CALLS} calls a round over kept connections, from a client that writes and reads bare bytes, to servers in "
        "processes of their own: the mock, and an aiohttp handler that answers with a constant of about the same "
        "size. *One that checks and signs* is bare aiohttp too, but it holds the body against the same pydantic model "
        "and signs a token of the same kind with PyJWT, which nobody who creates a stream gets around. Wall time a "
        "call; the streams that are made stay, so later rounds create among more of them. respx and openai-responses "
        "answer inside of the client and have no server to call."
    ),
    measure=measure,
)
