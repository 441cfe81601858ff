"""What the handlers of one version of chats have in common."""

from dataclasses import dataclass
from uuid import UUID

from aiohttp import web

from ovs_mock.api.auth import bearer_key
from ovs_mock.api.bodies import InvalidBodyError
from ovs_mock.api.chat.errors import ErrorResponse
from ovs_mock.api.chat.regions import DEFAULT_REGION, HEADER, asked_region
from ovs_mock.api.chat.version import ApiVersion
from ovs_mock.api.responses import respond
from ovs_mock.api.room_access import RoomAccess
from ovs_mock.engine.settings import Settings
from ovs_mock.runtime.runtime import Runtime

# The region that serves a request, once it is known.
REGION = web.RequestKey("region", str)


@dataclass(frozen=True, slots=True)
class ChatContext:
    runtime: Runtime
    passes: RoomAccess
    settings: Settings
    dialect: ApiVersion

    def authenticated(self, request: web.Request) -> str | None:
        """The caller's key, once it is known to be good: production checks it before anything else of a request."""
        key = bearer_key(request.headers.get("Authorization"))
        self.runtime.engine.state.accounts.authenticate(key)
        return key

    def region(self, request: web.Request) -> str | None:
        """The region that the caller says, where that means something; raises InvalidBodyError."""
        region = asked_region(request.headers) if self.dialect.regions else None
        if region is not None:
            request[REGION] = region
        return region

    def headers(self, request: web.Request) -> dict[str, str]:
        """What every answer says beside its body."""
        return {HEADER: request.get(REGION, DEFAULT_REGION)} if self.dialect.regions else {}


def stream_id_of(request: web.Request) -> str:
    """The stream's id in the path; raises InvalidBodyError for what is no UUID."""
    text = request.match_info["stream_id"]
    try:
        return str(UUID(text))
    except ValueError:
        details = [{"loc": ["path", "stream_id"], "msg": "Input should be a valid UUID", "type": "uuid_parsing"}]
        raise InvalidBodyError(details) from None


def respond_problem(problem: ErrorResponse) -> web.Response:
    return respond(problem.status, problem.body, problem.headers)
