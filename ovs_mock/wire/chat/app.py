"""One version of chats as a part of an aiohttp application: its routes, and its answer to all that goes wrong."""

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.engine.errors import RefusedError, RegionError
from ovs_mock.engine.settings import Settings
from ovs_mock.runtime.runtime import Runtime
from ovs_mock.runtime.tokens import Tokens
from ovs_mock.wire.bodies import InvalidBodyError
from ovs_mock.wire.chat import errors
from ovs_mock.wire.chat.completions import Completions
from ovs_mock.wire.chat.context import REGION, Context, respond_problem
from ovs_mock.wire.chat.dialect import Dialect
from ovs_mock.wire.chat.ovs_url import OvsUrlError
from ovs_mock.wire.chat.streams import Streams

ROOT_PATHS = ("/models", "/chat/completions")
CALLER_GONE = 499


class ChatVersion:
    """One version of chats of one mock."""

    def __init__(
        self, dialect: Dialect, runtime: Runtime, tokens: Tokens, settings: Settings, public_url: str | None
    ) -> None:
        self._context = Context(runtime, tokens, settings, public_url, dialect)
        self._runtime = runtime
        self._dialect = dialect

    def routes(self) -> list[web.RouteDef]:
        return [*Streams(self._context).routes(), *Completions(self._context).routes()]

    def middleware(self) -> Middleware:
        """Give every error of the version's paths the version's form, and every answer its headers."""

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not self._claims(request.path):
                return await handler(request)
            response = await self._answered(request, handler)
            if not response.prepared:
                response.headers.update(self._context.headers(request))
            return response

        return middleware

    def _claims(self, path: str) -> bool:
        return path.startswith(self._dialect.prefix + "/") or (self._dialect.at_root and path in ROOT_PATHS)

    async def _answered(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as error:
            response = respond_problem(errors.detail(error.status, error.reason))
            response.headers.update({"Allow": error.headers["Allow"]} if "Allow" in error.headers else {})
            return response
        except ConnectionError:
            # Nobody is left to answer to; the status is for the log.
            return web.Response(status=CALLER_GONE)
        except Exception as error:  # noqa: BLE001 - every error has an answer, bugs of the mock's included
            if isinstance(error, RegionError):
                request[REGION] = error.expected
            return respond_problem(self._problem(error, chat=request.path.endswith("/chat/completions")))

    def _problem(self, error: Exception, *, chat: bool) -> errors.Problem:
        match error:
            case RefusedError():
                return self._dialect.errors.refused(error, chat=chat)
            case OvsUrlError():
                return self._dialect.errors.bad_url(error)
            case InvalidBodyError():
                return errors.invalid(error.details)
            case web.RequestPayloadError():
                return errors.detail(400, "The body cannot be read.")
            case _:
                self._runtime.fail(error)
                return self._dialect.errors.internal(chat=chat)
