"""The room of a stream, the same for every version; and a token that is not what it was."""

import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.transport.exchange import Exchange
from ovs_contracts.transport.http_client import HttpClient
from ovs_contracts.transport.observer import CallObserver


class LiveKitRoom(Protocol):
    """The room of a new stream. Each member makes the calls that it needs."""

    stream_id: str
    url: str
    token: str
    """Of the publisher, from when the stream was made."""

    def renewed(self) -> str:
        """A fresh token of the publisher, from a keepalive."""
        ...

    def watching(self) -> str:
        """A token that only watches. v1 has none."""
        ...

    def look(self) -> dict[str, Any]:
        """What the stream shows of its video."""
        ...

    def has_video(self) -> bool:
        """Whether frames come in, or have come."""
        ...

    def end(self) -> None: ...


class ResultsRoom:
    """Of a native stream of v0.2."""

    def __init__(self, v02: V02Client) -> None:
        self._v02 = v02
        self.created = v02.create().expect(201)
        self.stream_id = str(self.created.json["stream_id"])
        self.url = str(self.created.json["livekit"]["url"])
        self.token = str(self.created.json["livekit"]["token"])

    def keepalive(self) -> Exchange:
        return self._v02.keepalive(self.stream_id)

    def renewed(self) -> str:
        return str(self.keepalive().expect(200).json["livekit_token"])

    def watching(self) -> str:
        return str(self._v02.spectate(self.stream_id).expect(200).json["livekit"]["token"])

    def look(self) -> dict[str, Any]:
        return self._v02.status(self.stream_id)

    def has_video(self) -> bool:
        return bool(self.look()["state"] == "active")

    def end(self) -> None:
        self._v02.delete(self.stream_id).expect(200, 204)


class ChatRoom:
    """Of a stream of v1 or v1beta."""

    def __init__(self, chat: ChatClient) -> None:
        self._chat = chat
        self.created = chat.create().expect(201)
        self.stream_id = str(self.created.json["id"])
        self.url = str(self.created.json["publish"]["url"])
        self.token = str(self.created.json["publish"]["token"])

    def renewed(self) -> str:
        return str(self._chat.keepalive(self.stream_id).expect(200).json["publish"]["token"])

    def watching(self) -> str:
        return str(self._chat.viewer_token(self.stream_id).expect(200).json["view"]["token"])

    def look(self) -> dict[str, Any]:
        return self._chat.status(self.stream_id)

    def has_video(self) -> bool:
        return self.look()["last_frame_at_ms"] is not None

    def end(self) -> None:
        self._chat.delete(self.stream_id).expect(200)


class RoomHttpClient:
    """What a LiveKit server says to those who want to come in, over plain HTTP."""

    def __init__(self, url: str, observers: Sequence[CallObserver], tls: ssl.SSLContext | None) -> None:
        place = urlsplit(url)
        self._path = place.path.rstrip("/")
        self._call = HttpClient(
            f"{place.scheme.replace('ws', 'http', 1)}://{place.netloc}", observers, verify=tls or True
        )

    def validate(
        self, token: str | None, *, path: str = "/rtc/validate", headers: Mapping[str, str] | None = None
    ) -> Exchange:
        """Ask whether a token opens the room, as clients do whose socket was refused."""
        own = {} if token is None else {"Authorization": f"Bearer {token}"}
        return self._call("GET", self._path + path, headers={**own, **(headers or {})})

    def knock(self, token: str, *, path: str = "/rtc") -> Exchange:
        """Ask for a socket. Only to be refused: nothing here could speak over one."""
        upgrade = {
            "Authorization": f"Bearer {token}",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(b"sixteen bytes ok").decode(),
        }
        return self._call("GET", self._path + path, headers=upgrade)

    def close(self) -> None:
        self._call.close()


def damaged(token: str) -> str:
    """The same claims under a signature in which one character is another one."""
    body, _, signature = token.rpartition(".")
    return f"{body}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def altered(token: str, **video: Any) -> str:
    """Other grants under the signature of these."""
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["video"] |= video
    return f"{head}.{_encoded(claims)}.{signature}"


def foreign(token: str) -> str:
    """The same claims, signed by somebody else."""
    body = _encoded({"alg": "HS256", "typ": "JWT"}) + "." + token.split(".")[1]
    signature = hmac.new(b"the secret of another server altogether", body.encode(), hashlib.sha256).digest()
    return f"{body}.{_base64(signature)}"


def unsigned(token: str) -> str:
    """The same claims, signed by nobody."""
    return _encoded({"alg": "none", "typ": "JWT"}) + "." + token.split(".")[1] + "."


def _encoded(value: Any) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
