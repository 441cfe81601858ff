"""Endpoints of streams and of the list of models: each decodes, asks the engine, and encodes."""

from uuid import UUID

from aiohttp import web

from ovs_mock.api.call import ApiCall
from ovs_mock.api.chat import encode_streams as encode
from ovs_mock.api.chat.regions import DEFAULT_REGION, requested_region
from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.api.errors import InvalidBodyError
from ovs_mock.api.responses import respond
from ovs_mock.engine.commands import CreateStream, EndStream, RenewLease
from ovs_mock.engine.events import LeaseRenewed, StreamCreated
from ovs_mock.engine.service import Service
from ovs_mock.engine.stream import CameraSource, NativeSource, Source, Stream

VIEWER = "viewer"


async def create(call: ApiCall) -> web.StreamResponse:
    version = version_of(call)
    key = call.authenticate()
    region = named_region(call) or DEFAULT_REGION
    source = await _source(call) if version.cameras else NativeSource()
    command = CreateStream(key=key, source=source, rules=call.state.stream_rules(version), region=region)
    stream = call.stream(call.runtime.ask(command, StreamCreated).stream_id)
    return respond(201, encode.created(stream, _publish(call, stream), version))


async def status(call: ApiCall) -> web.StreamResponse:
    _, stream = _find(call)
    now = call.runtime.clock.now()
    stream.evict_old_frames(now)
    return respond(200, encode.status(stream, now, version_of(call)))


async def keepalive(call: ApiCall) -> web.StreamResponse:
    key, stream = _find(call)
    event = call.runtime.ask(RenewLease(key, stream.id, Service.CHAT), LeaseRenewed)
    return respond(200, encode.renewed(stream, _publish(call, stream), event.at))


async def delete(call: ApiCall) -> web.StreamResponse:
    key, stream = _find(call)
    call.runtime.do(EndStream(key, stream.id, Service.CHAT))
    return respond(200, encode.deleted(stream.id))


async def viewer_token(call: ApiCall) -> web.StreamResponse:
    key, _ = _find(call)
    stream = call.runtime.current_state().find_running(key, _stream_id(call), Service.CHAT)
    token = call.rooms.viewer_token(stream.id, VIEWER)
    return respond(200, encode.view(stream.id, call.rooms.url(call.request), token, call.rooms.viewer_lifetime))


async def models(call: ApiCall) -> web.StreamResponse:
    """The only endpoint that needs no key."""
    named_region(call)
    return respond(200, encode.models(call.runtime.state.models.list(Service.CHAT), version_of(call)))


def version_of(call: ApiCall) -> ChatVersion:
    assert isinstance(call.version, ChatVersion), "only versions of chats have these routes"
    return call.version


def named_region(call: ApiCall) -> str | None:
    """The region that the request names, where the version has regions; raises InvalidBodyError."""
    region = requested_region(call.request.headers) if version_of(call).regions else None
    call.region = region or call.region
    return region


async def _source(call: ApiCall) -> Source:
    # Imported here, as a version without cameras checks no body, and pydantic takes long to import.
    from ovs_mock.api.chat.bodies import MAX_BODY_BYTES, parse
    from ovs_mock.api.chat.sources import source

    return source(parse(await call.read(MAX_BODY_BYTES)))


def _find(call: ApiCall) -> tuple[str | None, Stream]:
    """The caller's key and stream, running or ended a short while ago."""
    key = call.authenticate()
    region = named_region(call)
    stream = call.runtime.current_state().find(key, _stream_id(call), Service.CHAT, region)
    call.region = stream.region or DEFAULT_REGION
    return key, stream


def _stream_id(call: ApiCall) -> str:
    """The stream's id in the path; raises InvalidBodyError for a text that is no UUID."""
    try:
        return str(UUID(call.path("stream_id")))
    except ValueError:
        details = [{"loc": ["path", "stream_id"], "msg": "Input should be a valid UUID", "type": "uuid_parsing"}]
        raise InvalidBodyError(details) from None


def _publish(call: ApiCall, stream: Stream) -> encode.Json | None:
    """Where to publish, with a token that is new each time; nothing for a camera."""
    if isinstance(stream.source, CameraSource):
        return None
    return encode.publish(call.rooms.url(call.request), call.rooms.publish_token(stream.id))
