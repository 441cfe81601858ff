"""The endpoints of v0.2: each decodes, asks the engine, and encodes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from ovs_mock.api.bodies import parse_json
from ovs_mock.api.call import ApiCall, respond_error
from ovs_mock.api.errors import InvalidBodyError, problem
from ovs_mock.api.responses import respond
from ovs_mock.api.v02 import decode, encode, errors
from ovs_mock.api.v02.results import ResultSocket
from ovs_mock.api.v02.version import ResultsVersion
from ovs_mock.engine.commands import EndStream, Reinfer, RenewLease
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
from ovs_mock.engine.stream import NativeSource, Stream, WebRtcSource
from ovs_mock.runtime.runtime import Runtime

SPECTATOR = "spectator"


async def create(call: ApiCall) -> web.StreamResponse:
    version = call.version
    assert isinstance(version, ResultsVersion)
    key = call.authenticate()
    body = await _json(call)
    call.request_id = decode.client_request_id(body) or None
    command = decode.create_stream(key, body, call.state.stream_rules(version), version.max_tokens_per_second)
    with _unknown_model_at("inference", "model"):
        event = call.runtime.ask(command, StreamCreated)
    stream = call.stream(event.stream_id)
    try:
        answer_sdp = await _answer_offer(call.runtime, stream)
    except InvalidBodyError:
        call.runtime.do(EndStream(key, stream.id))
        raise
    livekit = None
    if isinstance(stream.source, NativeSource):
        livekit = encode.connection(call.rooms.url(call.request), call.rooms.publish_token(stream.id))
    # Some clients send this routing cookie back with every later call.
    cookie = f"media-gateway-route={stream.id}; HttpOnly; Path=/"
    return respond(201, encode.created(stream, livekit=livekit, answer_sdp=answer_sdp), {"Set-Cookie": cookie})


async def keepalive(call: ApiCall) -> web.StreamResponse:
    event = call.runtime.ask(RenewLease(call.key, call.path("stream_id")), LeaseRenewed)
    stream = call.stream(event.stream_id)
    native = isinstance(stream.source, NativeSource)
    return respond(200, encode.renewed(event, call.rooms.publish_token(stream.id) if native else None))


async def delete(call: ApiCall) -> web.StreamResponse:
    events = call.runtime.do(EndStream(call.key, call.path("stream_id")))
    if any(isinstance(event, StreamEnded) for event in events):
        return respond(200, {"status": "ok"})
    return web.Response(status=204)


async def update_prompt(call: ApiCall) -> web.StreamResponse:
    key, stream_id = call.authenticate(), call.path("stream_id")
    decode.require_stream_id(stream_id)
    event = call.runtime.ask(decode.update_prompt(key, stream_id, await _json(call)), PromptUpdated)
    return respond(200, encode.config(call.stream(event.stream_id)))


async def info(call: ApiCall) -> web.StreamResponse:
    return respond(200, encode.info(_running(call), call.runtime.clock.now()))


async def spectate(call: ApiCall) -> web.StreamResponse:
    stream = _running(call)
    if not isinstance(stream.source, NativeSource):
        raise CommandRejectedError(ErrorCode.NOT_NATIVE, "Only streams of native transport have a room to watch.")
    token = call.rooms.viewer_token(stream.id, SPECTATOR)
    return respond(200, {"livekit": encode.connection(call.rooms.url(call.request), token)})


async def give_feedback(call: ApiCall) -> web.StreamResponse:
    key = call.authenticate()
    call.runtime.ask(decode.give_feedback(key, call.path("stream_id"), await _json(call)), FeedbackGiven)
    return respond(200, {"status": "ok"})


async def list_feedback(call: ApiCall) -> web.StreamResponse:
    return respond(200, encode.feedback(call.runtime.engine.feedback.for_key(call.key)))


async def models(call: ApiCall) -> web.StreamResponse:
    call.authenticate()
    return respond(200, encode.models(call.runtime.state.models.list(Service.RESULTS)))


async def reinfer(call: ApiCall) -> web.StreamResponse:
    key = call.authenticate()
    result = await _reinferred(call.runtime, decode.reinfer(key, await _json(call)))
    if not result.answer.ok:
        return respond_error(errors.http_error(500, result.answer.error or "the model failed"))
    return respond(200, encode.reinferred(result))


async def results(call: ApiCall) -> web.StreamResponse:
    if not web.WebSocketResponse().can_prepare(call.request):
        return respond_error(errors.http_error(400, "This path is a WebSocket: connect with an upgrade."))
    socket = ResultSocket(call.runtime, call.request)
    call.state.result_sockets.add(socket)
    try:
        return await socket.serve()
    finally:
        call.state.result_sockets.discard(socket)


async def _reinferred(runtime: Runtime, command: Reinfer) -> Result:
    """Ask the model again, and wait for its answer."""
    answered: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
    pending: list[str] = []

    def on_event(event: Event) -> None:
        if isinstance(event, ReinferAnswered) and event.result.inference.id in pending and not answered.done():
            answered.set_result(event.result)

    unsubscribe = runtime.subscribe(on_event)
    try:
        with _unknown_model_at("model"):
            pending.append(runtime.ask(command, InferenceDue).inference.id)
        return await answered
    finally:
        unsubscribe()


async def _answer_offer(runtime: Runtime, stream: Stream) -> str | None:
    """The SDP answer to the offer of a webrtc source, which then receives its video."""
    if not isinstance(stream.source, WebRtcSource):
        return None
    if runtime.gateway is None:
        raise problem(["source"], "this mock takes no WebRTC video")
    try:
        return await runtime.gateway.answer_offer(stream.id, stream.source.sdp)
    except ValueError as error:
        raise problem(["source", "sdp"], str(error)) from None


def _running(call: ApiCall) -> Stream:
    return call.runtime.current_state().find_running(call.key, call.path("stream_id"))


@contextmanager
def _unknown_model_at(*loc: str) -> Iterator[None]:
    """Report an unknown model as an invalid field of the body."""
    try:
        yield
    except CommandRejectedError as error:
        if error.code is ErrorCode.UNKNOWN_MODEL:
            raise problem(loc, error.message) from None
        raise


async def _json(call: ApiCall) -> Any:
    return parse_json(await call.read())
