"""How things get into the journal: from the runtime, from requests, and from what carries messages."""

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

# More of a body than anybody reads; pictures in data: URLs are longer.
LONGEST_BODY = 64 * 1024
# All events, but not each token of a chat, not an inference that is followed by its result, and not the mock's alarms.
RECORDED = frozenset(get_args(Event)) - {AlarmFired, ChatToken, InferenceDue}


class JournalRecorder:
    """Writes down what one mock does. Not for its controls."""

    def __init__(self, journal: Journal, runtime: Runtime) -> None:
        self._journal = journal
        self._runtime = runtime

    def start(self) -> None:
        self._runtime.subscribe(self._event, RECORDED)
        self._runtime.subscribe_commands(self._command)

    def record(self, request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
        """Write down a request and its answer."""
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return self._socket(request, handler)
        return self._call(request, handler)

    async def _call(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        entry = self._asked(request)
        self._journal.write(entry)
        sent = partial(self._event_sent, request.path)
        request[MESSAGE_FILTER] = _RecordingFilter(message_filter_of(request), entry, sent, self._journal.changed)
        try:
            response = await handler(request)
        except web.HTTPException as error:
            self._answered(entry, error)
            raise
        self._answered(entry, response)
        return response

    async def _socket(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path
        self._journal.write(SocketOpened(self._now(), path))
        witness = _SocketRecordingFilter(
            message_filter_of(request), lambda item, sent: self._message(path, item, sent=sent)
        )
        request[MESSAGE_FILTER] = witness
        try:
            return await handler(request)
        finally:
            if not witness.closed:
                self._journal.write(SocketClosed(self._now(), path, None, ""))

    def _asked(self, request: web.Request) -> Request:
        query = {name: redacted(value) for name, value in request.query.items()} if request.query_string else {}
        return Request(self._now(), request.method, request.path, query, redacted_headers(request.headers))

    def _answered(self, entry: Request, response: web.StreamResponse) -> None:
        entry.status = response.status
        entry.answered_at = self._now()
        entry.answer_headers = redacted_headers(response.headers)
        body = response.body if isinstance(response, web.Response) else None
        entry.answer = _text(body) if isinstance(body, bytes) else ""
        self._journal.changed()

    def _message(self, path: str, item: Item, *, sent: bool) -> None:
        if isinstance(item, CloseFrame):
            self._journal.write(SocketClosed(self._now(), path, item.code, item.reason))
        elif isinstance(item, str | bytes):
            text = _text(item) if isinstance(item, bytes) else redacted(item)
            self._journal.write(SocketMessage(self._now(), path, sent, text))

    def _event_sent(self, path: str, data: str) -> None:
        self._journal.write(ServerEvent(self._now(), path, redacted(data)))

    def _event(self, event: Event) -> None:
        self._journal.write(EngineEvent(seconds(event.at), event))

    def _command(self, command: Command, now: int) -> None:
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
    """Sees the body that came, and the events that went."""

    def __init__(
        self, inner: MessageFilter, entry: Request, sent: Callable[[str], None], brought: Callable[[], None]
    ) -> None:
        self._inner = inner
        self._entry = entry
        self._sent = sent
        self._brought = brought

    def on_receive(self, body: bytes) -> bytes:
        self._entry.body = _text(body)
        self._brought()
        return self._inner.on_receive(body)

    def on_send(self, item: Item) -> Iterable[Item]:
        for sent in self._inner.on_send(item):
            if isinstance(sent, str):
                self._sent(sent)
            yield sent


class _SocketRecordingFilter(MessageFilter):
    """Sees the messages of a socket, both ways."""

    def __init__(self, inner: MessageFilter, message: Callable[..., None]) -> None:
        self._inner = inner
        self._message = message
        self.closed = False

    def on_receive(self, body: bytes) -> bytes:
        self._message(body, sent=False)
        return self._inner.on_receive(body)

    def on_send(self, item: Item) -> Iterable[Item]:
        for sent in self._inner.on_send(item):
            self.closed = self.closed or isinstance(sent, CloseFrame)
            self._message(sent, sent=True)
            yield sent


def _text(body: bytes) -> str:
    return redacted(body[:LONGEST_BODY].decode("utf-8", "backslashreplace"))
