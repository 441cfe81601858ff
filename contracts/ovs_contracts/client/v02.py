"""v0.2."""

from collections.abc import Mapping
from typing import Any

from ovs_contracts.documents.versions import version
from ovs_contracts.targets.target import Target
from ovs_contracts.transport.exchange import Exchange
from ovs_contracts.transport.http_client import ABSENT, HttpClient
from ovs_contracts.transport.sockets import ResultSocketClient

VERSION = version("v0.2")
PREFIX = VERSION.prefix
MODEL = "Qwen/Qwen3.5-9B"


def frames_every(seconds: float, *, prompt: str = "Describe what you see.", **inference: Any) -> dict[str, Any]:
    """The body of a stream that asks about the latest frame every so often."""
    return {
        "source": {"type": "native"},
        "mode": "frame",
        "processing": {"interval_seconds": seconds},
        "inference": {"prompt": prompt, "model": MODEL, **inference},
    }


def clips(*, length: float = 1.0, delay: float = 1.0, fps: int = 6, **inference: Any) -> dict[str, Any]:
    """The body of a stream that asks about the last ``length`` seconds every ``delay`` seconds."""
    return {
        "source": {"type": "native"},
        "mode": "clip",
        "processing": {"clip_length_seconds": length, "delay_seconds": delay, "target_fps": fps},
        "inference": {"prompt": "Describe what you see.", "model": MODEL, **inference},
    }


class V02Client:
    """v0.2, called with one key; each call takes another by ``key``, or none with ``key=None``."""

    version = VERSION

    def __init__(self, http: HttpClient, target: Target, key: str) -> None:
        self.http = http
        self.key = key
        self._target = target

    def create(self, body: Any = ABSENT, **more: Any) -> Exchange:
        """``POST /streams``; asks about a frame a second unless a body says otherwise."""
        return self._call("POST", "/streams", body=frames_every(1.0) if body is ABSENT else body, **more)

    def stream(self, body: Any = ABSENT, **more: Any) -> str:
        """The id of a new stream."""
        return str(self.create(body, **more).expect(201).json["stream_id"])

    def keepalive(self, stream_id: str, **more: Any) -> Exchange:
        return self._call("POST", f"/streams/{stream_id}/keepalive", **more)

    def delete(self, stream_id: str, **more: Any) -> Exchange:
        return self._call("DELETE", f"/streams/{stream_id}", **more)

    def prompt(self, stream_id: str, prompt: Any, **more: Any) -> Exchange:
        return self._call("PATCH", f"/streams/{stream_id}/config/prompt", body={"prompt": prompt}, **more)

    def info(self, stream_id: str, **more: Any) -> Exchange:
        return self._call("GET", f"/streams/{stream_id}/info", **more)

    def status(self, stream_id: str, **more: Any) -> dict[str, Any]:
        """The info of a stream that is there."""
        status: dict[str, Any] = self.info(stream_id, **more).expect(200).json
        return status

    def spectate(self, stream_id: str, **more: Any) -> Exchange:
        return self._call("POST", f"/streams/{stream_id}/spectate", **more)

    def feedback(self, stream_id: str, body: Any, **more: Any) -> Exchange:
        return self._call("POST", f"/streams/{stream_id}/feedback", body=body, **more)

    def list_feedback(self, **more: Any) -> Exchange:
        return self._call("GET", "/streams/feedback", **more)

    def models(self, **more: Any) -> Exchange:
        return self._call("GET", "/models", **more)

    def reinfer(self, result_id: str, prompt: str = "Look again.", model: str = MODEL, **more: Any) -> Exchange:
        body = {"result_id": result_id, "prompt": prompt, "model": model, **more.pop("fields", {})}
        return self._call("POST", "/chat/completions/clip", body=body, **more)

    def socket(self, stream_id: str, headers: Mapping[str, str] | None = None) -> ResultSocketClient:
        """A result socket that has not said anything yet."""
        url = f"{self._target.websocket_origin}{PREFIX}/ws/streams/{stream_id}"
        return ResultSocketClient(url, tls=self._target.tls, headers=headers)

    def result_socket(self, stream_id: str, key: str | None = None) -> ResultSocketClient:
        """A result socket that has sent the key, which the target has most likely read."""
        socket = self.socket(stream_id)
        socket.authenticate(key or self.key)
        socket.ping()
        return socket

    def _call(self, method: str, path: str, **more: Any) -> Exchange:
        more.setdefault("key", self.key)
        return self.http(method, PREFIX + path, **more)
