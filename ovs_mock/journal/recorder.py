"""Writes the journal: from the runtime's events, from requests, and from message filters."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import get_args

from aiohttp import web
from aiohttp.typedefs import Handler

from ovs_mock.api.message_filter import MESSAGE_FILTER, CloseFrame, Item, MessageFilter, message_filter_of
from ovs_mock.engine.commands import Command, FrameArrived, PublisherJoined, PublisherLeft
from ovs_mock.engine.events import AlarmFired, ChatToken, Event, InferenceDue
from ovs_mock.engine.instants import seconds
from ovs_mock.journal.entries import (
    EngineEvent,
    FramesArrived,
    PublisherChanged,
    Request,
    ServerEvent,
    SocketClosed,
    SocketMessage,
    SocketOpened,
)
from ovs_mock.journal.journal import Journal
from ovs_mock.journal.redaction import redacted, redacted_headers
from ovs_mock.runtime.runtime import Runtime

# Bytes of a body that are kept; images in data: URLs are longer.
MAX_BODY = 64 * 1024
# All events, but not each token of a chat, not an inference that is followed by its result, and not the mock's alarms.
RECORDED = frozenset(get_args(Event)) - {AlarmFired, ChatToken, InferenceDue}


class JournalRecorder:
    """Writes what one mock does to its journal, except for calls of its controls."""

    def __init__(self, journal: Journal, runtime: Runtime) -> None:
        self._journal = journal
        self._runtime = runtime

    def start(self) -> None:
        self._runtime.subscribe(self._on_event, RECORDED)
        self._runtime.subscribe_commands(self._on_command)

    def record(self, request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
        """Write a request and its response to the journal."""
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return self._socket(request, handler)
        return self._call(request, handler)

    async def _call(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        entry = self._new_request(request)
        self._journal.write(entry)
        sent = partial(self._on_event_sent, request.path)
        request[MESSAGE_FILTER] = _RecordingFilter(message_filter_of(request), entry, sent, self._journal.notify)
        try:
            response = await handler(request)
        except web.HTTPException as error:
            self._record_response(entry, error)
            raise
        self._record_response(entry, response)
        return response

    async def _socket(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path
        self._journal.write(SocketOpened(self._now(), path))
        recording = _SocketRecordingFilter(
            message_filter_of(request), lambda item, sent: self._on_message(path, item, sent=sent)
        )
        request[MESSAGE_FILTER] = recording
        try:
            return await handler(request)
        finally:
            if not recording.closed:
                self._journal.write(SocketClosed(self._now(), path, None, ""))

    def _new_request(self, request: web.Request) -> Request:
        query = {name: redacted(value) for name, value in request.query.items()} if request.query_string else {}
        return Request(self._now(), request.method, request.path, query, redacted_headers(request.headers))

    def _record_response(self, entry: Request, response: web.StreamResponse) -> None:
        entry.status = response.status
        entry.answered_at = self._now()
        entry.answer_headers = redacted_headers(response.headers)
        body = response.body if isinstance(response, web.Response) else None
        entry.answer = _text(body) if isinstance(body, bytes) else ""
        self._journal.notify()

    def _on_message(self, path: str, item: Item, *, sent: bool) -> None:
        if isinstance(item, CloseFrame):
            self._journal.write(SocketClosed(self._now(), path, item.code, item.reason))
        elif isinstance(item, str | bytes):
            text = _text(item) if isinstance(item, bytes) else redacted(item)
            self._journal.write(SocketMessage(self._now(), path, sent, text))

    def _on_event_sent(self, path: str, data: str) -> None:
        self._journal.write(ServerEvent(self._now(), path, redacted(data)))

    def _on_event(self, event: Event) -> None:
        self._journal.write(EngineEvent(seconds(event.at), event))

    def _on_command(self, command: Command, now: int) -> None:
        match command:
            case FrameArrived():
                at = seconds(now)
                self._journal.write(FramesArrived(at, at, command.stream_id, 1))
            case PublisherJoined() | PublisherLeft():
                joined = isinstance(command, PublisherJoined)
                self._journal.write(PublisherChanged(seconds(now), command.stream_id, command.identity, joined))
            case _:
                pass

    def _now(self) -> float:
        return seconds(self._runtime.clock.now())


class _RecordingFilter(MessageFilter):
    """Records the request body, and the events of a streamed response."""

    def __init__(
        self, inner: MessageFilter, entry: Request, on_event_sent: Callable[[str], None], on_body: Callable[[], None]
    ) -> None:
        self._inner = inner
        self._entry = entry
        self._on_event_sent = on_event_sent
        self._on_body = on_body

    def on_receive(self, body: bytes) -> bytes:
        self._entry.body = _text(body)
        self._on_body()
        return self._inner.on_receive(body)

    def on_send(self, item: Item) -> Iterable[Item]:
        for sent in self._inner.on_send(item):
            if isinstance(sent, str):
                self._on_event_sent(sent)
            yield sent


class _SocketRecordingFilter(MessageFilter):
    """Records the messages of a socket in both directions."""

    def __init__(self, inner: MessageFilter, on_message: Callable[..., None]) -> None:
        self._inner = inner
        self._on_message = on_message
        self.closed = False

    def on_receive(self, body: bytes) -> bytes:
        self._on_message(body, sent=False)
        return self._inner.on_receive(body)

    def on_send(self, item: Item) -> Iterable[Item]:
        for sent in self._inner.on_send(item):
            self.closed = self.closed or isinstance(sent, CloseFrame)
            self._on_message(sent, sent=True)
            yield sent


def _text(body: bytes) -> str:
    return redacted(body[:MAX_BODY].decode("utf-8", "backslashreplace"))
