"""One version of chats as a part of an aiohttp application."""

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.api.chat.completions import CompletionHandlers
from ovs_mock.api.chat.context import ChatContext
from ovs_mock.api.chat.error_middleware import answered
from ovs_mock.api.chat.streams import StreamHandlers
from ovs_mock.api.chat.version import ApiVersion
from ovs_mock.api.room_access import RoomAccess
from ovs_mock.engine.settings import Settings
from ovs_mock.runtime.livekit_tokens import LiveKitTokens
from ovs_mock.runtime.runtime import Runtime

ROOT_PATHS = ("/models", "/chat/completions")


class ChatVersion:
    """One version of chats of one mock."""

    def __init__(
        self, dialect: ApiVersion, runtime: Runtime, tokens: LiveKitTokens, settings: Settings, public_url: str | None
    ) -> None:
        self._context = ChatContext(runtime, RoomAccess(runtime, tokens, settings, public_url), settings, dialect)
        self._completions = CompletionHandlers(self._context)
        self._streams = StreamHandlers(self._context)

    def routes(self) -> list[web.RouteDef]:
        return [*self._streams.routes(), *self._completions.routes()]

    def middleware(self) -> Middleware:
        """Give every error the version's form, and every answer its headers."""
        context = self._context

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            response = await answered(request, handler, context.runtime, context.dialect.errors)
            if not response.prepared:
                response.headers.update(context.headers(request))
            return response

        return middleware

    def claims(self, path: str) -> bool:
        """Whether a path is the version's."""
        dialect = self._context.dialect
        return path.startswith(dialect.prefix + "/") or (dialect.at_root and path in ROOT_PATHS)

    def end_chats(self) -> None:
        """Part from everybody who waits for an answer; the server ends."""
        self._completions.end_chats()
