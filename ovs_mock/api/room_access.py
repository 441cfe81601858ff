"""Access to the LiveKit rooms of streams: their address, and access tokens."""

from aiohttp import web

from ovs_mock.api.urls import PLAIN_ORIGIN, websocket_origin
from ovs_mock.engine.instants import micros
from ovs_mock.engine.settings import Settings
from ovs_mock.runtime.livekit_tokens import LiveKitTokens
from ovs_mock.runtime.runtime import Runtime

PUBLISHER = "publisher"


class RoomAccess:
    """Issues access tokens for the rooms of one tenant, which have the ids of their streams. Every token is new."""

    def __init__(self, runtime: Runtime, tokens: LiveKitTokens, settings: Settings, public_url: str | None) -> None:
        self._runtime = runtime
        self._tokens = tokens
        self._publish_lifetime = micros(settings.publish_token_seconds)
        self.viewer_lifetime = micros(settings.viewer_token_seconds)
        """Lifetime of a token that may only subscribe, in microseconds."""
        self._public_url = public_url

    def url(self, request: web.Request) -> str:
        """The address of the LiveKit server for the client of a request."""
        # A request over TLS was redirected here from the production host, to which LiveKit's SDKs would really connect.
        plain = request.app[PLAIN_ORIGIN]() if request.secure else None
        return websocket_origin(request.scheme, request.host, self._public_url or plain)

    def publish_token(self, stream_id: str) -> str:
        now = self._runtime.clock.now()
        return self._tokens.issue(stream_id, PUBLISHER, can_publish=True, now=now, lifetime=self._publish_lifetime)

    def viewer_token(self, stream_id: str, role: str) -> str:
        """A token that may only subscribe, for one more viewer in that role."""
        identity = f"{role}-{self._runtime.state.ids.uuid(role)}"
        now = self._runtime.clock.now()
        return self._tokens.issue(stream_id, identity, can_publish=False, now=now, lifetime=self.viewer_lifetime)
