"""Chat completions: requested in one body, answered in one or as server-sent events."""

import asyncio

from aiohttp import web

from ovs_mock.api.call import ApiCall, respond_error
from ovs_mock.api.chat import decode
from ovs_mock.api.chat import encode_chat as encode
from ovs_mock.api.chat.bodies import MAX_BODY_BYTES, parse
from ovs_mock.api.chat.errors import event as error_event
from ovs_mock.api.chat.pending_chat import ChatEvent, PendingChat, clock_waits
from ovs_mock.api.chat.rate_limit_headers import allowance_headers
from ovs_mock.api.chat.sse import EventStream
from ovs_mock.api.chat.stream_chunks import ChunkEncoder
from ovs_mock.api.chat.streams import named_region, version_of
from ovs_mock.api.errors import ErrorResponse
from ovs_mock.api.responses import respond
from ovs_mock.engine.errors import CommandRejectedError
from ovs_mock.engine.events import ChatFailed, ChatFinished, ChatToken
from ovs_mock.engine.service import Service

# Longer bodies, and those with pictures in them, are decoded on another thread.
QUICK_BODY_BYTES = 64 * 1024


async def complete(call: ApiCall) -> web.StreamResponse:
    key = call.authenticate()
    region = named_region(call)
    raw = await call.read(MAX_BODY_BYTES)
    with clock_waits(call.runtime):
        request = await _decoded(call, key, raw, region)
        chat = PendingChat(call.runtime, request.command, lambda: _is_connected(call.request))
        call.region = chat.started.region or call.region
    chats = call.state.pending_chats
    with chat:
        chats.add(chat)
        try:
            if request.streamed:
                return await _stream(call, chat, include_usage=request.include_usage)
            return _whole(call, chat, await chat.outcome())
        finally:
            chats.discard(chat)


async def _decoded(call: ApiCall, key: str | None, raw: bytes, region: str | None) -> decode.ChatRequest:
    version = version_of(call)

    def decoded() -> decode.ChatRequest:
        return decode.ask_chat(
            key,
            parse(raw),
            evicted=version.evicted,
            rate_limited=version.rate_limited,
            region=region,
            api_version=version.name,
        )

    if len(raw) <= QUICK_BODY_BYTES and b"data:" not in raw:
        return decoded()
    return await asyncio.to_thread(decoded)


def _whole(call: ApiCall, chat: PendingChat, outcome: ChatFinished | ChatFailed) -> web.StreamResponse:
    if isinstance(outcome, ChatFailed):
        return respond_error(_failure(call, outcome))
    return respond(200, encode.completion(chat.started, outcome), _headers(call, chat))


async def _stream(call: ApiCall, chat: PendingChat, *, include_usage: bool) -> web.StreamResponse:
    """A chat that fails before its first token gets an ordinary error response."""
    event = await chat.next()
    if isinstance(event, ChatFailed):
        return respond_error(_failure(call, event))
    stream = EventStream(call.request, _headers(call, chat))
    await stream.open()
    chunks = ChunkEncoder(chat.started, include_usage=include_usage)
    await _send(call, stream, chunks, event)
    try:
        while isinstance(event, ChatToken) and not stream.ended:
            event = await chat.next()
            await _send(call, stream, chunks, event)
    except CommandRejectedError as error:
        await stream.send(error_event(version_of(call).errors.rejected(error, chat=True)))
    if stream.paused:
        chat.acknowledge()
    return await stream.close()


async def _send(call: ApiCall, stream: EventStream, chunks: ChunkEncoder, event: ChatEvent) -> None:
    for chunk in _encoded(call, chunks, event):
        await stream.send(chunk)


def _encoded(call: ApiCall, chunks: ChunkEncoder, event: ChatEvent) -> list[encode.Json]:
    match event:
        case ChatToken():
            return chunks.token(event)
        case ChatFinished():
            return chunks.finished(event)
        case ChatFailed():
            return [error_event(_failure(call, event))]


def _failure(call: ApiCall, failure: ChatFailed) -> ErrorResponse:
    entries = call.runtime.state.models.list(Service.CHAT)
    provider = next((entry.provider for entry in entries if entry.id == failure.model), "overshoot")
    return version_of(call).errors.failed(failure, provider)


def _headers(call: ApiCall, chat: PendingChat) -> dict[str, str]:
    return {**version_of(call).response_headers(call.region), **allowance_headers(chat.started.allowance)}


def _is_connected(request: web.Request) -> bool:
    return request.transport is not None and not request.transport.is_closing()
