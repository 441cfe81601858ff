"""Actions on HTTP calls: other responses, lost ones, late ones."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from aiohttp import web

from ovs_mock.api.call import CALL
from ovs_mock.api.message_filter import message_filter_of
from ovs_mock.engine.instants import SECOND, iso8601, micros
from ovs_mock.faults.api_errors import api_error, phrase
from ovs_mock.faults.broken_responses import LostResponse, TruncatedResponse
from ovs_mock.faults.chat_faults import ChatAction, ChatFaultFilter, MalformEvent, TruncateChat
from ovs_mock.faults.fault import FaultAction
from ovs_mock.faults.registry import FaultRegistry

NO_RESPONSE = 499
CallHandler = Callable[[], Awaitable[web.StreamResponse]]
# How the names of instants end in responses, in milliseconds and in ISO 8601.
MILLISECONDS, ISO = "_at_ms", "_at"


@dataclass(frozen=True, slots=True)
class CallAction(FaultAction):
    """An action on a call."""

    applies_to_handshakes: ClassVar[bool] = False
    """Whether it applies to the handshakes of WebSockets too."""
    streamed_action: ClassVar[ChatAction | None] = None
    """The action on a streamed response, in place of ``edit``."""

    async def respond(self, registry: FaultRegistry, request: web.Request, call: CallHandler) -> web.StreamResponse:
        """Return the response. ``call`` calls the mock's handler."""
        if isinstance(message_filter := message_filter_of(request), ChatFaultFilter):
            message_filter.call_action = self.streamed_action
        response = await call()
        # A streamed response has been sent by now.
        return response if response.prepared or not isinstance(response, web.Response) else self.edit(response)

    def edit(self, response: web.Response) -> web.Response:
        """Return the response to send in place of this one."""
        return response


@dataclass(frozen=True, slots=True)
class RespondWithStatus(CallAction):
    """Responds with a status, without calling the handler; the body is the API's own by default."""

    status: int
    message: str | None = None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: float | None = None
    applies_to_handshakes: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"status {self.status}"

    async def respond(self, registry: FaultRegistry, request: web.Request, call: CallHandler) -> web.StreamResponse:
        request[CALL].override = self._response(request, registry.now)
        return await call()

    def _response(self, request: web.Request, now: int) -> web.Response:
        response = self._with_body(request, now)
        if self.retry_after is not None:
            response.headers["Retry-After"] = f"{self.retry_after:g}"
        response.headers.update(self.headers)
        return response

    def _with_body(self, request: web.Request, now: int) -> web.Response:
        match self.body:
            case None:
                return api_error(request[CALL], self.status, self.message, now)
            case bytes():
                return web.Response(status=self.status, body=self.body)
            case str():
                return web.Response(status=self.status, text=self.body)
            case _:
                text = json.dumps(self.body)
                return web.Response(status=self.status, text=text, content_type="application/json")


@dataclass(frozen=True, slots=True)
class ResetConnection(CallAction):
    """Resets the connection without calling the handler."""

    applies_to_handshakes: ClassVar[bool] = True

    def __str__(self) -> str:
        return "connection reset"

    async def respond(self, registry: FaultRegistry, request: web.Request, call: CallHandler) -> web.StreamResponse:
        return LostResponse(status=NO_RESPONSE)


@dataclass(frozen=True, slots=True)
class LoseResponse(CallAction):
    """Calls the handler, and resets the connection in place of the response."""

    streamed_action: ClassVar[ChatAction | None] = TruncateChat()

    def __str__(self) -> str:
        return "answer lost"

    def edit(self, response: web.Response) -> web.Response:
        return LostResponse.from_response(response)


@dataclass(frozen=True, slots=True)
class DelayResponse(CallAction):
    """Calls the handler at once, and sends the response later."""

    seconds: float
    applies_to_handshakes: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"answered {self.seconds:g} s late"

    async def respond(self, registry: FaultRegistry, request: web.Request, call: CallHandler) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            await registry.wait(self.seconds)
            return await call()
        message_filter = message_filter_of(request)
        if isinstance(message_filter, ChatFaultFilter):
            message_filter.delay = self.seconds
        response = await call()
        if not response.prepared:
            await registry.wait(self.seconds)
        return response


@dataclass(frozen=True, slots=True)
class TruncateBody(CallAction):
    """Closes the connection in the middle of the body."""

    streamed_action: ClassVar[ChatAction | None] = TruncateChat(after_chunks=1)

    def __str__(self) -> str:
        return "body truncated"

    def edit(self, response: web.Response) -> web.Response:
        return TruncatedResponse.from_response(response)


@dataclass(frozen=True, slots=True)
class MalformBody(CallAction):
    """Cuts the body so that it is no valid JSON."""

    streamed_action: ClassVar[ChatAction | None] = MalformEvent(after_chunks=1)

    def __str__(self) -> str:
        return "body malformed"

    def edit(self, response: web.Response) -> web.Response:
        body = response.body if isinstance(response.body, bytes) else b""
        response.body = body[: len(body) * 2 // 3] or b"{"
        return response


@dataclass(frozen=True, slots=True)
class SkewClock(CallAction):
    """Shifts the instants in a JSON response, as if the server's clock were ahead or behind."""

    seconds: float
    unlimited: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"clock {abs(self.seconds):g} s {'ahead' if self.seconds > 0 else 'behind'}"

    def edit(self, response: web.Response) -> web.Response:
        if response.content_type == "application/json" and isinstance(response.body, bytes):
            response.body = json.dumps(_shifted(json.loads(response.body), self.seconds)).encode()
        return response


def _shifted(value: Any, seconds: float) -> Any:
    if isinstance(value, list):
        return [_shifted(each, seconds) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _shifted_member(name, each, seconds) for name, each in value.items()}


def _shifted_member(name: str, value: Any, seconds: float) -> Any:
    if name.endswith(MILLISECONDS) and isinstance(value, int):
        return value + round(seconds * 1000)
    if name.endswith(ISO) and isinstance(value, str):
        return iso8601(round(datetime.fromisoformat(value).timestamp() * SECOND) + micros(seconds))
    return _shifted(value, seconds)


def check_status(status: object) -> str | None:
    """Return what is wrong with a status, or ``None``."""
    if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status <= 599:
        return f"status({status!r}): expected an HTTP status from 200 to 599, such as 503 ({phrase(503)})"
    return None
