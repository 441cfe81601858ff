"""Calls that go wrong: their answers, and how they get there."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from aiohttp import web

from ovs_mock.api.message_filter import message_filter_of
from ovs_mock.engine.instants import SECOND, iso8601, micros
from ovs_mock.faults.api_errors import api_error, phrase
from ovs_mock.faults.broken_responses import LostResponse, TruncatedResponse
from ovs_mock.faults.chat_faults import ChatAction, ChatFaultFilter, MalformEvent, TruncateChat
from ovs_mock.faults.fault import FaultAction
from ovs_mock.faults.registry import FaultRegistry

NO_ANSWER = 499
# What is answered in place of the work, by whoever stands before the handlers.
INSTEAD = web.RequestKey("instead", web.Response)
Go = Callable[[], Awaitable[web.StreamResponse]]
# What instants are called in answers, in milliseconds and in ISO 8601.
MILLISECONDS, ISO = "_at_ms", "_at"


@dataclass(frozen=True, slots=True)
class CallAction(FaultAction):
    """What happens to a call."""

    of_sockets: ClassVar[bool] = False
    """Whether it may happen to the handshake of a socket too."""
    streamed: ClassVar[ChatAction | None] = None
    """What happens to an answer that is streamed, in place of ``change``."""

    async def meet(self, board: FaultRegistry, request: web.Request, go: Go) -> web.StreamResponse:
        """The answer. ``go`` has the mock do its work."""
        if isinstance(message_filter := message_filter_of(request), ChatFaultFilter):
            message_filter.called = self.streamed
        answer = await go()
        # What was streamed has been sent.
        return answer if answer.prepared or not isinstance(answer, web.Response) else self.change(answer)

    def change(self, answer: web.Response) -> web.Response:
        """Another answer in place of this."""
        return answer


@dataclass(frozen=True, slots=True)
class RespondWithStatus(CallAction):
    """Answered so, without any work done. Without a body of its own it has the API's."""

    status: int
    message: str | None = None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: float | None = None
    of_sockets: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"status {self.status}"

    async def meet(self, board: FaultRegistry, request: web.Request, go: Go) -> web.StreamResponse:
        request[INSTEAD] = self._whole(request, board.now)
        return await go()

    def _whole(self, request: web.Request, now: int) -> web.Response:
        answer = self._answer(request, now)
        if self.retry_after is not None:
            answer.headers["Retry-After"] = f"{self.retry_after:g}"
        answer.headers.update(self.headers)
        return answer

    def _answer(self, request: web.Request, now: int) -> web.Response:
        match self.body:
            case None:
                return api_error(request.path, self.status, self.message, now)
            case bytes():
                return web.Response(status=self.status, body=self.body)
            case str():
                return web.Response(status=self.status, text=self.body)
            case _:
                text = json.dumps(self.body)
                return web.Response(status=self.status, text=text, content_type="application/json")


@dataclass(frozen=True, slots=True)
class ResetConnection(CallAction):
    """The connection is reset before anything is done."""

    of_sockets: ClassVar[bool] = True

    def __str__(self) -> str:
        return "connection reset"

    async def meet(self, board: FaultRegistry, request: web.Request, go: Go) -> web.StreamResponse:
        return LostResponse(status=NO_ANSWER)


@dataclass(frozen=True, slots=True)
class LoseResponse(CallAction):
    """The work is done, and nobody hears of it."""

    streamed: ClassVar[ChatAction | None] = TruncateChat()

    def __str__(self) -> str:
        return "answer lost"

    def change(self, answer: web.Response) -> web.Response:
        return LostResponse.of(answer)


@dataclass(frozen=True, slots=True)
class DelayResponse(CallAction):
    """The work is done at once, and the answer comes later."""

    seconds: float
    of_sockets: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"answered {self.seconds:g} s late"

    async def meet(self, board: FaultRegistry, request: web.Request, go: Go) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            await board.wait(self.seconds)
            return await go()
        message_filter = message_filter_of(request)
        if isinstance(message_filter, ChatFaultFilter):
            message_filter.late = self.seconds
        answer = await go()
        if not answer.prepared:
            await board.wait(self.seconds)
        return answer


@dataclass(frozen=True, slots=True)
class TruncateBody(CallAction):
    """The body ends in the middle, and so does the connection."""

    streamed: ClassVar[ChatAction | None] = TruncateChat(after_chunks=1)

    def __str__(self) -> str:
        return "body truncated"

    def change(self, answer: web.Response) -> web.Response:
        return TruncatedResponse.of(answer)


@dataclass(frozen=True, slots=True)
class MalformBody(CallAction):
    """The body is no JSON."""

    streamed: ClassVar[ChatAction | None] = MalformEvent(after_chunks=1)

    def __str__(self) -> str:
        return "body malformed"

    def change(self, answer: web.Response) -> web.Response:
        body = answer.body if isinstance(answer.body, bytes) else b""
        answer.body = body[: len(body) * 2 // 3] or b"{"
        return answer


@dataclass(frozen=True, slots=True)
class SkewClock(CallAction):
    """Instants in answers are those of a clock that is ahead by so much, or behind."""

    seconds: float
    lasting: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"clock {abs(self.seconds):g} s {'ahead' if self.seconds > 0 else 'behind'}"

    def change(self, answer: web.Response) -> web.Response:
        if answer.content_type == "application/json" and isinstance(answer.body, bytes):
            answer.body = json.dumps(_shifted(json.loads(answer.body), self.seconds)).encode()
        return answer


def _shifted(value: Any, seconds: float) -> Any:
    if isinstance(value, list):
        return [_shifted(each, seconds) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _moved(name, each, seconds) for name, each in value.items()}


def _moved(name: str, value: Any, seconds: float) -> Any:
    if name.endswith(MILLISECONDS) and isinstance(value, int):
        return value + round(seconds * 1000)
    if name.endswith(ISO) and isinstance(value, str):
        return iso8601(round(datetime.fromisoformat(value).timestamp() * SECOND) + micros(seconds))
    return _shifted(value, seconds)


def check_status(status: object) -> str | None:
    """What is wrong with a status, if anything."""
    if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status <= 599:
        return f"status({status!r}): expected an HTTP status from 200 to 599, such as 503 ({phrase(503)})"
    return None
