"""One request of the API, resolved: its tenant, its route and the version that both belong to."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from ovs_mock.api.errors import ErrorResponse
from ovs_mock.api.message_filter import message_filter_of
from ovs_mock.api.metrics import COUNTED, EventMetrics
from ovs_mock.api.operation import OperationKind
from ovs_mock.api.responses import respond
from ovs_mock.api.room_access import RoomAccess
from ovs_mock.api.version import ApiVersion
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.stream import Stream, StreamRules
from ovs_mock.runtime.runtime import Runtime

if TYPE_CHECKING:
    from ovs_mock.api.billing.checkout import Checkout
    from ovs_mock.api.chat.pending_chat import PendingChat
    from ovs_mock.api.v02.results import ResultSocket


class ApiState:
    """What the handlers keep for one tenant; they are the same for all tenants."""

    def __init__(self, runtime: Runtime, settings: Settings, rooms: RoomAccess) -> None:
        self.runtime = runtime
        self.rooms = rooms
        self.result_sockets: set[ResultSocket] = set()
        self.pending_chats: set[PendingChat] = set()
        self.checkouts: dict[str, Checkout] = {}
        self.metrics = EventMetrics()
        self._settings = settings
        self._rules: dict[str, StreamRules] = {}
        runtime.subscribe(self.metrics.count, COUNTED)

    def stream_rules(self, version: ApiVersion) -> StreamRules:
        """The rules for new streams of a version."""
        if version.name not in self._rules:
            self._rules[version.name] = version.stream_rules(self._settings)
        return self._rules[version.name]

    async def disconnect(self) -> None:
        """Close every result socket and end every chat: the server stops."""
        for socket in tuple(self.result_sockets):
            await socket.stop()
        for chat in self.pending_chats:
            chat.end()


class ApiCall:
    """A request, and all that is known of it before its handler runs."""

    __slots__ = ("key", "kind", "override", "public_url", "region", "request", "request_id", "state", "version")

    def __init__(
        self,
        request: web.Request,
        state: ApiState,
        kind: OperationKind,
        version: ApiVersion | None,
        key: str | None,
        public_url: str | None,
    ) -> None:
        self.request = request
        self.state = state
        self.kind = kind
        self.version = version
        """``None`` for a path without a version."""
        self.key = key
        """The API key that the request has."""
        self.public_url = public_url
        self.override: web.Response | None = None
        """A response that takes the place of the handler's."""
        self.region: str | None = None
        """The region that serves the call, once that is known."""
        self.request_id: str | None = None
        """The caller's own id of the call, which its errors repeat."""

    @property
    def runtime(self) -> Runtime:
        return self.state.runtime

    @property
    def rooms(self) -> RoomAccess:
        return self.state.rooms

    def path(self, name: str) -> str:
        """The value of a placeholder in the path."""
        return self.request.match_info[name]

    def authenticate(self) -> str | None:
        """The key, after it was found to be valid: production checks it before it reads a body."""
        self.runtime.state.accounts.authenticate(self.key)
        return self.key

    async def read(self, max_bytes: int | None = None) -> bytes:
        """The whole body; HTTPRequestEntityTooLarge for one that is longer than ``max_bytes``, or than 1 MiB."""
        request = self.request if max_bytes is None else self.request.clone(client_max_size=max_bytes)
        return message_filter_of(self.request).on_receive(await request.read())

    def stream(self, stream_id: str) -> Stream:
        """A stream that exists."""
        return self.runtime.state.streams[stream_id]


CALL = web.RequestKey("call", ApiCall)


def respond_error(response: ErrorResponse, headers: Mapping[str, str] | None = None) -> web.Response:
    return respond(response.status, response.body, {**response.headers, **(headers or {})})
