"""Chat completions: asked in one body, answered in one or as server-sent events."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from ovs_mock.api.chat import decode, encode_streams
from ovs_mock.api.chat import encode_chat as encode
from ovs_mock.api.chat.bodies import parse, read
from ovs_mock.api.chat.context import REGION, ChatContext, respond_problem
from ovs_mock.api.chat.errors import ErrorResponse
from ovs_mock.api.chat.errors import event as error_event
from ovs_mock.api.chat.pending_chat import ChatEvent, PendingChat, held
from ovs_mock.api.chat.rate_limit_headers import allowance_headers
from ovs_mock.api.chat.sse import EventStream
from ovs_mock.api.chat.stream_chunks import ChunkEncoder
from ovs_mock.api.responses import respond
from ovs_mock.engine.commands import AskChat
from ovs_mock.engine.errors import CommandRejectedError
from ovs_mock.engine.events import ChatFailed, ChatFinished, ChatToken
from ovs_mock.engine.service import Service

# Larger bodies, and those with pictures in them, are decoded on another thread.
QUICK_BODY_BYTES = 64 * 1024


class CompletionHandlers:
    """Chat completions and models of one version."""

    def __init__(self, context: ChatContext) -> None:
        self._context = context
        self._runtime = context.runtime
        self._dialect = context.dialect
        self._exchanges: set[PendingChat] = set()

    def routes(self) -> list[web.RouteDef]:
        bases = [self._dialect.prefix, *([""] if self._dialect.at_root else [])]
        return [
            *(web.post(base + "/chat/completions", self.complete) for base in bases),
            *(web.get(base + "/models", self.models) for base in bases),
        ]

    async def models(self, request: web.Request) -> web.StreamResponse:
        """The only endpoint that needs no key."""
        self._context.region(request)
        entries = self._runtime.current_state().models.list(Service.CHAT)
        return respond(200, encode_streams.models(entries, self._dialect))

    async def complete(self, request: web.Request) -> web.StreamResponse:
        key = self._context.authenticated(request)
        region = self._context.region(request)
        raw = await read(request)
        with held(self._runtime):
            asked = await self._decoded(key, raw, region)
            exchange = self._begin(asked.command, request)
        with exchange, self._listed(exchange):
            if asked.streamed:
                return await self._stream(request, exchange, include_usage=asked.include_usage)
            return self._whole(request, exchange, await exchange.outcome())

    def end_chats(self) -> None:
        """Nobody gets an answer any more."""
        for exchange in self._exchanges:
            exchange.end()

    @contextmanager
    def _listed(self, exchange: PendingChat) -> Iterator[None]:
        self._exchanges.add(exchange)
        try:
            yield
        finally:
            self._exchanges.discard(exchange)

    async def _decoded(self, key: str | None, raw: bytes, region: str | None) -> decode.ChatRequest:
        if len(raw) <= QUICK_BODY_BYTES and b"data:" not in raw:
            return self._decode(key, raw, region)
        return await asyncio.to_thread(self._decode, key, raw, region)

    def _decode(self, key: str | None, raw: bytes, region: str | None) -> decode.ChatRequest:
        dialect = self._dialect
        return decode.ask_chat(
            key,
            parse(raw),
            evicted=dialect.evicted,
            rate_limited=dialect.rate_limited,
            region=region,
            via=dialect.prefix.strip("/"),
        )

    def _begin(self, command: AskChat, request: web.Request) -> PendingChat:
        exchange = PendingChat(self._runtime, command, lambda: _is_connected(request))
        if exchange.started.region is not None:
            request[REGION] = exchange.started.region
        return exchange

    def _whole(
        self, request: web.Request, exchange: PendingChat, outcome: ChatFinished | ChatFailed
    ) -> web.StreamResponse:
        if isinstance(outcome, ChatFailed):
            return respond_problem(self._failure(outcome))
        return respond(200, encode.completion(exchange.started, outcome), self._headers(request, exchange))

    async def _stream(self, request: web.Request, exchange: PendingChat, *, include_usage: bool) -> web.StreamResponse:
        """A chat that fails before its first word is an ordinary error."""
        event = await exchange.next()
        if isinstance(event, ChatFailed):
            return respond_problem(self._failure(event))
        stream = EventStream(request, self._headers(request, exchange))
        await stream.open()
        chunks = ChunkEncoder(exchange.started, include_usage=include_usage)
        await self._send(stream, chunks, event)
        try:
            while isinstance(event, ChatToken) and not stream.over:
                event = await exchange.next()
                await self._send(stream, chunks, event)
        except CommandRejectedError as refused:
            await stream.send(error_event(self._dialect.errors.refused(refused, chat=True)))
        if stream.held:
            exchange.let_go()
        return await stream.close()

    async def _send(self, stream: EventStream, chunks: ChunkEncoder, event: ChatEvent) -> None:
        for chunk in self._chunks(chunks, event):
            await stream.send(chunk)

    def _chunks(self, chunks: ChunkEncoder, event: ChatEvent) -> list[encode.Json]:
        match event:
            case ChatToken():
                return chunks.piece(event)
            case ChatFinished():
                return chunks.finished(event)
            case ChatFailed():
                return [error_event(self._failure(event))]

    def _failure(self, failure: ChatFailed) -> ErrorResponse:
        entries = self._runtime.engine.state.models.list(Service.CHAT)
        provider = next((entry.provider for entry in entries if entry.id == failure.model), "overshoot")
        return self._dialect.errors.failed(failure, provider)

    def _headers(self, request: web.Request, exchange: PendingChat) -> dict[str, str]:
        return {**self._context.headers(request), **allowance_headers(exchange.started.allowance)}


def _is_connected(request: web.Request) -> bool:
    return request.transport is not None and not request.transport.is_closing()
