"""v1 and v1beta."""

from typing import Any

from ovs_contracts.documents.versions import version
from ovs_contracts.transport.exchange import Exchange
from ovs_contracts.transport.http_client import HttpClient

# Image and video, and known to both versions.
MODEL = "Qwen/Qwen3.6-27B-FP8"


def text(value: str) -> dict[str, Any]:
    return {"type": "text", "text": value}


def image(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def video(url: str) -> dict[str, Any]:
    return {"type": "video_url", "video_url": {"url": url}}


def frame_of(stream_id: str, query: str = "frame_index=-1") -> dict[str, Any]:
    """A part that refers to one frame of a stream."""
    return image(f"ovs://streams/{stream_id}?{query}")


def segment_of(stream_id: str, query: str = "start_offset_ms=-5000") -> dict[str, Any]:
    """A part that refers to a segment of a stream."""
    return video(f"ovs://streams/{stream_id}?{query}")


class ChatClient:
    """One version, called with one key; each call takes another by ``key``, or none with ``key=None``."""

    def __init__(self, http: HttpClient, key: str, name: str) -> None:
        self.http = http
        self.key = key
        self.version = version(name)
        self.prefix = self.version.prefix

    def create(self, **more: Any) -> Exchange:
        """``POST /streams``, without a body unless one is given."""
        return self._call("POST", "/streams", **more)

    def stream(self, **more: Any) -> str:
        """The id of a new stream."""
        return str(self.create(**more).expect(201).json["id"])

    def get(self, stream_id: str, **more: Any) -> Exchange:
        return self._call("GET", f"/streams/{stream_id}", **more)

    def status(self, stream_id: str, **more: Any) -> dict[str, Any]:
        """The status of a stream that is there."""
        status: dict[str, Any] = self.get(stream_id, **more).expect(200).json
        return status

    def keepalive(self, stream_id: str, **more: Any) -> Exchange:
        return self._call("POST", f"/streams/{stream_id}/keepalive", **more)

    def delete(self, stream_id: str, **more: Any) -> Exchange:
        return self._call("DELETE", f"/streams/{stream_id}", **more)

    def viewer_token(self, stream_id: str, **more: Any) -> Exchange:
        return self._call("POST", f"/streams/{stream_id}/viewer-token", **more)

    def models(self, **more: Any) -> Exchange:
        return self._call("GET", "/models", **more)

    def ask(
        self, *parts: dict[str, Any], model: str = MODEL, fields: dict[str, Any] | None = None, **more: Any
    ) -> Exchange:
        """``POST /chat/completions`` with one message of a user; ``fields`` are further members of the body."""
        content: Any = list(parts) or "Say a word."
        body = {"model": model, "messages": [{"role": "user", "content": content}], **(fields or {})}
        return self.complete(body, **more)

    def complete(self, body: Any, **more: Any) -> Exchange:
        """``POST /chat/completions`` with this body."""
        return self._call("POST", "/chat/completions", body=body, **more)

    def _call(self, method: str, path: str, **more: Any) -> Exchange:
        more.setdefault("key", self.key)
        return self.http(method, self.prefix + path, **more)
