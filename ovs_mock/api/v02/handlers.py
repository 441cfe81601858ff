"""The endpoints of v0.2: each decodes, asks the engine, and encodes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from ovs_mock.api.auth import bearer_key
from ovs_mock.api.bodies import InvalidBodyError, parse_json, problem
from ovs_mock.api.message_filter import message_filter_of
from ovs_mock.api.responses import respond
from ovs_mock.api.room_access import RoomAccess
from ovs_mock.api.v02 import decode, encode, errors
from ovs_mock.api.v02.results import ResultSocket
from ovs_mock.engine.commands import EndStream, RenewLease
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import (
    Event,
    FeedbackGiven,
    InferenceDue,
    LeaseRenewed,
    PromptUpdated,
    ReinferAnswered,
    StreamCreated,
    StreamEnded,
)
from ovs_mock.engine.inference import Result
from ovs_mock.engine.service import Service
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.stream import NativeSource, Stream, WebRtcSource
from ovs_mock.runtime.livekit_tokens import LiveKitTokens
from ovs_mock.runtime.runtime import Runtime

PREFIX = "/v0.2"
SPECTATOR = "spectator"
# The caller's own id of a request, once it is known: errors repeat it.
REQUEST_ID = web.RequestKey("request_id", str)


class V02Handlers:
    """v0.2 of one mock."""

    def __init__(self, runtime: Runtime, tokens: LiveKitTokens, settings: Settings, public_url: str | None) -> None:
        self._runtime = runtime
        self._passes = RoomAccess(runtime, tokens, settings, public_url)
        self._rules = decode.rules(settings)
        self._sockets: set[ResultSocket] = set()

    def routes(self) -> list[web.RouteDef]:
        stream = PREFIX + "/streams/{stream_id}"
        return [
            web.post(PREFIX + "/streams", self.create),
            web.get(PREFIX + "/streams/feedback", self.list_feedback),
            web.post(stream + "/keepalive", self.keepalive),
            web.delete(stream, self.delete),
            web.patch(stream + "/config/prompt", self.update_prompt),
            web.get(stream + "/info", self.info),
            web.post(stream + "/spectate", self.spectate),
            web.post(stream + "/feedback", self.give_feedback),
            web.get(PREFIX + "/models", self.models),
            web.post(PREFIX + "/chat/completions/clip", self.reinfer),
            web.get(PREFIX + "/healthz", self.healthz),
            web.get(PREFIX + "/ws/streams/{stream_id}", self.results),
        ]

    async def create(self, request: web.Request) -> web.StreamResponse:
        key = self._authenticated(request)
        body = await _json_body(request)
        if request_id := decode.client_request_id(body):
            request[REQUEST_ID] = request_id
        command = decode.create_stream(key, body, self._rules)
        with _model_named_at("inference", "model"):
            event = self._runtime.ask(command, StreamCreated)
        stream = self._stream(event.stream_id)
        try:
            answer_sdp = await self._answer_offer(stream)
        except InvalidBodyError:
            self._runtime.do(EndStream(key, stream.id))
            raise
        livekit = None
        if isinstance(stream.source, NativeSource):
            livekit = encode.connection(self._passes.url(request), self._passes.publish_token(stream.id))
        # Some clients send this routing cookie back with every later call.
        cookie = f"media-gateway-route={stream.id}; HttpOnly; Path=/"
        created = encode.created(stream, livekit=livekit, answer_sdp=answer_sdp)
        return respond(201, created, {"Set-Cookie": cookie})

    async def keepalive(self, request: web.Request) -> web.StreamResponse:
        command = RenewLease(_key(request), request.match_info["stream_id"])
        event = self._runtime.ask(command, LeaseRenewed)
        stream = self._stream(event.stream_id)
        native = isinstance(stream.source, NativeSource)
        return respond(200, encode.renewed(event, self._passes.publish_token(stream.id) if native else None))

    async def delete(self, request: web.Request) -> web.StreamResponse:
        events = self._runtime.do(EndStream(_key(request), request.match_info["stream_id"]))
        if any(isinstance(event, StreamEnded) for event in events):
            return respond(200, {"status": "ok"})
        return web.Response(status=204)

    async def update_prompt(self, request: web.Request) -> web.StreamResponse:
        key = self._authenticated(request)
        stream_id = request.match_info["stream_id"]
        decode.require_stream_id(stream_id)
        command = decode.update_prompt(key, stream_id, await _json_body(request))
        event = self._runtime.ask(command, PromptUpdated)
        return respond(200, encode.config(self._stream(event.stream_id)))

    async def info(self, request: web.Request) -> web.StreamResponse:
        stream = self._running(request)
        return respond(200, encode.info(stream, self._runtime.clock.now()))

    async def spectate(self, request: web.Request) -> web.StreamResponse:
        stream = self._running(request)
        if not isinstance(stream.source, NativeSource):
            raise CommandRejectedError(ErrorCode.NOT_NATIVE, "Only streams of native transport have a room to watch.")
        token = self._passes.viewer_token(stream.id, SPECTATOR)
        return respond(200, {"livekit": encode.connection(self._passes.url(request), token)})

    async def give_feedback(self, request: web.Request) -> web.StreamResponse:
        key = self._authenticated(request)
        command = decode.give_feedback(key, request.match_info["stream_id"], await _json_body(request))
        self._runtime.ask(command, FeedbackGiven)
        return respond(200, {"status": "ok"})

    async def list_feedback(self, request: web.Request) -> web.StreamResponse:
        return respond(200, encode.feedback(self._runtime.engine.feedback.for_key(_key(request))))

    async def models(self, request: web.Request) -> web.StreamResponse:
        self._authenticated(request)
        return respond(200, encode.models(self._runtime.engine.state.models.list(Service.RESULTS)))

    async def reinfer(self, request: web.Request) -> web.StreamResponse:
        key = self._authenticated(request)
        command = decode.reinfer(key, await _json_body(request))
        outcome = await self._reinferred(command)
        if not outcome.answer.ok:
            return respond(*errors.internal(outcome.answer.error or "the model failed"))
        return respond(200, encode.reinferred(outcome))

    async def healthz(self, request: web.Request) -> web.StreamResponse:
        return respond(200, {"status": "ok"})

    async def results(self, request: web.Request) -> web.StreamResponse:
        if not web.WebSocketResponse().can_prepare(request):
            return respond(*errors.plain(400, "This path is a WebSocket: connect with an upgrade."))
        socket = ResultSocket(self._runtime, request)
        self._sockets.add(socket)
        try:
            return await socket.serve()
        finally:
            self._sockets.discard(socket)

    @property
    def sockets(self) -> tuple[ResultSocket, ...]:
        """The result sockets that are open."""
        return tuple(self._sockets)

    async def close_sockets(self) -> None:
        """Part from everybody who watches; the server ends."""
        for socket in tuple(self._sockets):
            await socket.stop()

    async def _reinferred(self, command: Any) -> Result:
        """Ask, and wait for the answer."""
        answered: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        asked: list[str] = []

        def on_event(event: Event) -> None:
            if isinstance(event, ReinferAnswered) and event.result.inference.id in asked and not answered.done():
                answered.set_result(event.result)

        unsubscribe = self._runtime.subscribe(on_event)
        try:
            with _model_named_at("model"):
                asked.append(self._runtime.ask(command, InferenceDue).inference.id)
            return await answered
        finally:
            unsubscribe()

    async def _answer_offer(self, stream: Stream) -> str | None:
        """The answer to a webrtc source's offer, whose video then comes in."""
        if not isinstance(stream.source, WebRtcSource):
            return None
        gateway = self._runtime.gateway
        if gateway is None:
            raise problem(["source"], "this mock takes no WebRTC video")
        try:
            return await gateway.answer_offer(stream.id, stream.source.sdp)
        except ValueError as error:
            raise problem(["source", "sdp"], str(error)) from None

    def _authenticated(self, request: web.Request) -> str | None:
        """The caller's key, once it is known to be good: production checks it before it looks at a body."""
        key = _key(request)
        self._runtime.engine.state.accounts.authenticate(key)
        return key

    def _running(self, request: web.Request) -> Stream:
        return self._runtime.current_state().find_running(_key(request), request.match_info["stream_id"])

    def _stream(self, stream_id: str) -> Stream:
        return self._runtime.engine.state.streams[stream_id]


@contextmanager
def _model_named_at(*loc: str) -> Iterator[None]:
    """A model that nobody knows is a problem of the body's, at that place."""
    try:
        yield
    except CommandRejectedError as refused:
        if refused.code is ErrorCode.UNKNOWN_MODEL:
            raise problem(loc, refused.message) from None
        raise


def _key(request: web.Request) -> str | None:
    return bearer_key(request.headers.get("Authorization"))


async def _json_body(request: web.Request) -> Any:
    return parse_json(message_filter_of(request).on_receive(await request.read()))
