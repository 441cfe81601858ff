"""How to enter the LiveKit room of a stream: the address for whoever asks, and tokens."""

from aiohttp import web

from ovs_mock.api.urls import PLAIN_ORIGIN, websocket_origin
from ovs_mock.engine.instants import micros
from ovs_mock.engine.settings import Settings
from ovs_mock.runtime.livekit_tokens import LiveKitTokens
from ovs_mock.runtime.runtime import Runtime

PUBLISHER = "publisher"


class RoomAccess:
    """The ways into the rooms of one mock; rooms are named by their streams. Every token is new."""

    def __init__(self, runtime: Runtime, tokens: LiveKitTokens, settings: Settings, public_url: str | None) -> None:
        self._runtime = runtime
        self._tokens = tokens
        self._publishing = micros(settings.publish_token_seconds)
        self._watching = micros(settings.viewer_token_seconds)
        self._public_url = public_url

    def url(self, request: web.Request) -> str:
        """Where the caller of a request finds the LiveKit server."""
        # Who came by TLS was led here from the production host. LiveKit's SDKs resolve that natively, and would leave.
        plain = request.app[PLAIN_ORIGIN]() if request.secure else None
        return websocket_origin(request.scheme, request.host, self._public_url or plain)

    def publish_token(self, stream_id: str) -> str:
        now = self._runtime.clock.now()
        return self._tokens.issue(stream_id, PUBLISHER, can_publish=True, now=now, lifetime=self._publishing)

    def viewer_token(self, stream_id: str, role: str) -> str:
        """A token that may only subscribe, for one more watcher in that role."""
        identity = f"{role}-{self._runtime.engine.state.ids.uuid(role)}"
        now = self._runtime.clock.now()
        return self._tokens.issue(stream_id, identity, can_publish=False, now=now, lifetime=self._watching)
