"""Endpoints of streams: each decodes, asks the engine, and encodes."""

from aiohttp import web

from ovs_mock.api.chat import encode_streams as encode
from ovs_mock.api.chat.bodies import parse, read
from ovs_mock.api.chat.context import REGION, ChatContext, stream_id_of
from ovs_mock.api.chat.regions import DEFAULT_REGION
from ovs_mock.api.chat.sources import source
from ovs_mock.api.chat.version import ApiVersion
from ovs_mock.api.responses import respond
from ovs_mock.engine.commands import CreateStream, EndStream, RenewLease
from ovs_mock.engine.events import LeaseRenewed, StreamCreated
from ovs_mock.engine.instants import micros
from ovs_mock.engine.service import Service
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.stream import CameraSource, NativeSource, Source, Stream, StreamRules

VIEWER = "viewer"
LEASE_SECONDS = 300
RETENTION_SECONDS = 600


def rules(settings: Settings, dialect: ApiVersion) -> StreamRules:
    """How streams of chats live. Their time costs nothing: completions do."""
    grace = 0 if settings.end_with_publisher else None
    return StreamRules(
        service=Service.CHAT,
        lease=micros(settings.ttl_seconds or LEASE_SECONDS),
        retention=micros(RETENTION_SECONDS),
        evict_by_clock=True,
        tombstone=micros(settings.tombstone_seconds),
        idle_after=micros(settings.idle_after_seconds),
        departure_grace=grace,
        concurrent_streams=None,
        needs_credits=dialect.streams_need_credits,
        microcents_per_minute=0,
    )


class StreamHandlers:
    """Streams of one version."""

    def __init__(self, context: ChatContext) -> None:
        self._context = context
        self._runtime = context.runtime
        self._dialect = context.dialect
        self._rules = rules(context.settings, context.dialect)

    def routes(self) -> list[web.RouteDef]:
        streams = self._dialect.prefix + "/streams"
        stream = streams + "/{stream_id}"
        routes = [
            web.post(streams, self.create),
            web.get(stream, self.status),
            web.post(stream + "/keepalive", self.keepalive),
            web.delete(stream, self.delete),
        ]
        if self._dialect.viewers:
            routes.append(web.post(stream + "/viewer-token", self.viewer_token))
        return routes

    async def create(self, request: web.Request) -> web.StreamResponse:
        key = self._context.authenticated(request)
        region = self._context.region(request) or DEFAULT_REGION
        wanted = await self._source(request)
        command = CreateStream(key=key, source=wanted, rules=self._rules, region=region)
        stream = self._stream(self._runtime.ask(command, StreamCreated).stream_id)
        return respond(201, encode.created(stream, self._publish(request, stream), self._dialect))

    async def status(self, request: web.Request) -> web.StreamResponse:
        _, stream = self._find(request)
        now = self._runtime.clock.now()
        stream.evict_old_frames(now)
        return respond(200, encode.status(stream, now, self._dialect))

    async def keepalive(self, request: web.Request) -> web.StreamResponse:
        key, stream = self._find(request)
        event = self._runtime.ask(RenewLease(key, stream.id, Service.CHAT), LeaseRenewed)
        return respond(200, encode.renewed(stream, self._publish(request, stream), event.at))

    async def delete(self, request: web.Request) -> web.StreamResponse:
        key, stream = self._find(request)
        self._runtime.do(EndStream(key, stream.id, Service.CHAT))
        return respond(200, encode.deleted(stream.id))

    async def viewer_token(self, request: web.Request) -> web.StreamResponse:
        key, _ = self._find(request)
        stream = self._runtime.current_state().find_running(key, stream_id_of(request), Service.CHAT)
        lifetime = micros(self._context.settings.viewer_token_seconds)
        token = self._context.passes.viewer_token(stream.id, VIEWER)
        return respond(200, encode.view(stream.id, self._context.passes.url(request), token, lifetime))

    async def _source(self, request: web.Request) -> Source:
        """A version without cameras tolerates any body, and reads none."""
        return source(parse(await read(request))) if self._dialect.cameras else NativeSource()

    def _find(self, request: web.Request) -> tuple[str | None, Stream]:
        """The caller's key and stream, running or ended a short while ago."""
        key = self._context.authenticated(request)
        region = self._context.region(request)
        stream = self._runtime.current_state().find(key, stream_id_of(request), Service.CHAT, region)
        request[REGION] = stream.region or DEFAULT_REGION
        return key, stream

    def _stream(self, stream_id: str) -> Stream:
        return self._runtime.engine.state.streams[stream_id]

    def _publish(self, request: web.Request, stream: Stream) -> encode.Json | None:
        """Where to publish, with a token that is new each time; nothing for a camera."""
        if isinstance(stream.source, CameraSource):
            return None
        passes = self._context.passes
        return encode.publish(passes.url(request), passes.publish_token(stream.id))
