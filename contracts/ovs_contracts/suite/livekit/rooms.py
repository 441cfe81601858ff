"""The LiveKit room of a stream, the same for every version; and tokens that were tampered with."""

import base64
import ssl
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import jwt

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.livekit.token import claims
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.transport.exchange import Exchange
from ovs_contracts.transport.http_client import HttpClient
from ovs_contracts.transport.observer import CallObserver

SECRET = "the secret of another server altogether"  # noqa: S105


class LiveKitRoom:
    """The room of a new stream. ``token`` is the publisher's, from the creation."""

    def __init__(self, client: V02Client | ChatClient) -> None:
        self._client = client
        created = client.create().expect(201).json
        access = created.get("livekit") or created["publish"]
        self.stream_id = str(created[client.version.stream_id_field])
        self.url = str(access["url"])
        self.token = str(access["token"])

    def keepalive(self) -> Exchange:
        return self._client.keepalive(self.stream_id)

    def renewed_token(self) -> str:
        """A new token of the publisher, from a keepalive."""
        answer = self.keepalive().expect(200).json
        return str(answer["livekit_token"] if "livekit_token" in answer else answer["publish"]["token"])

    def spectator_token(self) -> str:
        """A token that allows subscribing only, in versions that have such tokens."""
        if isinstance(self._client, V02Client):
            return str(self._client.spectate(self.stream_id).expect(200).json["livekit"]["token"])
        return str(self._client.viewer_token(self.stream_id).expect(200).json["view"]["token"])

    def status(self) -> dict[str, Any]:
        return self._client.status(self.stream_id)

    def has_video(self) -> bool:
        """Whether frames arrive, or have arrived."""
        status = self.status()
        return status["last_frame_at_ms"] is not None if "last_frame_at_ms" in status else status["state"] == "active"

    def end(self) -> None:
        self._client.delete(self.stream_id).expect(200, 204)


class RoomHttpClient:
    """Asks a LiveKit server over plain HTTP whether a token opens a room."""

    def __init__(self, url: str, observers: Sequence[CallObserver], tls: ssl.SSLContext | None) -> None:
        parts = urlsplit(url)
        self._path = parts.path.rstrip("/")
        self._http = HttpClient(
            f"{parts.scheme.replace('ws', 'http', 1)}://{parts.netloc}", observers, verify=tls or True
        )

    def validate(
        self, token: str | None, *, path: str = "/rtc/validate", headers: Mapping[str, str] | None = None
    ) -> Exchange:
        """Ask whether a token opens the room, as clients do whose WebSocket handshake failed."""
        own = {} if token is None else {"Authorization": f"Bearer {token}"}
        return self._http("GET", self._path + path, headers={**own, **(headers or {})})

    def handshake(self, token: str, *, path: str = "/rtc") -> Exchange:
        """Ask for a WebSocket, with a token that the server must reject: nothing here speaks LiveKit's protocol."""
        upgrade = {
            "Authorization": f"Bearer {token}",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(b"sixteen bytes ok").decode(),
        }
        return self._http("GET", self._path + path, headers=upgrade)

    def close(self) -> None:
        self._http.close()


def damaged(token: str) -> str:
    """The same claims under a signature in which one character is another one."""
    body, _, signature = token.rpartition(".")
    return f"{body}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def altered(token: str, **video: Any) -> str:
    """Other grants under the signature of the token's own."""
    head, _, signature = token.split(".")
    read = claims(token)
    payload = jwt.encode({**read, "video": {**read["video"], **video}}, SECRET).split(".")[1]
    return f"{head}.{payload}.{signature}"


def foreign(token: str) -> str:
    """The same claims, signed with the secret of another server."""
    return jwt.encode(claims(token), SECRET, algorithm="HS256")


def unsigned(token: str) -> str:
    """The same claims without a signature."""
    return jwt.encode(claims(token), "", algorithm="none")
