"""A client of v1 and v1beta that does what is told and judges nothing."""

import json
from collections.abc import Iterator
from typing import Any

import httpx

from ovs_mock import Ovs
from ovs_mock.engine.frames import Picture
from ovs_support.v02 import push_frame

MODEL = "Qwen/Qwen3.5-9B"
NOBODYS = "00000000-0000-4000-8000-000000000000"


def asking(*parts: Any, **changes: Any) -> dict[str, Any]:
    """The body of a chat with one message; a part is a text, or a URL of a frame or segment."""
    return {"model": MODEL, "messages": [{"role": "user", "content": [_part(part) for part in parts]}], **changes}


def frame_url(stream_id: str, query: str = "frame_index=-1") -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": f"ovs://streams/{stream_id}?{query}"}}


def segment_url(stream_id: str, query: str = "start_offset_ms=0&max_fps=1000") -> dict[str, Any]:
    return {"type": "video_url", "video_url": {"url": f"ovs://streams/{stream_id}?{query}"}}


class ChatCaller:
    """Calls one of the versions with a key."""

    def __init__(self, mock: Ovs, base: str, key: str | None = None) -> None:
        self.mock = mock
        self.base = base
        self.key = key or mock.api_key
        self.http = httpx.Client(base_url=base, headers={"Authorization": f"Bearer {self.key}"})
        self._others: list[ChatCaller] = []

    def __call__(self, method: str, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return self.http.request(method, path, json=json, **options)

    def create(self, json: Any = None, **options: Any) -> dict[str, Any]:
        response = self("POST", "/streams", json, **options)
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()
        return created

    def stream(self, *, frames: int = 0, every: float = 1.0) -> str:
        """The id of a new stream, with some frames in it."""
        stream_id: str = self.create()["id"]
        for number in range(frames):
            if number:
                self.mock.advance(every)
            push_frame(self.mock, stream_id)
        return stream_id

    def status(self, stream_id: str) -> dict[str, Any]:
        shown: dict[str, Any] = self("GET", f"/streams/{stream_id}").json()
        return shown

    def chat(self, *parts: Any, **changes: Any) -> httpx.Response:
        return self("POST", "/chat/completions", asking(*parts, **changes))

    def events(self, *parts: Any, **changes: Any) -> list[Any]:
        """The data of the server-sent events of a chat, ``[DONE]`` included."""
        with self.http.stream("POST", "/chat/completions", json=asking(*parts, stream=True, **changes)) as response:
            assert response.status_code == 200, response.read()
            assert response.headers["content-type"].startswith("text/event-stream")
            return list(events_in(response.iter_lines()))

    def with_key(self, key: str) -> "ChatCaller":
        """Another caller, closed together with this one."""
        self._others.append(ChatCaller(self.mock, self.base, key))
        return self._others[-1]

    def other(self, base: str) -> "ChatCaller":
        """The same caller on another version, closed together with this one."""
        self._others.append(ChatCaller(self.mock, base, self.key))
        return self._others[-1]

    def close(self) -> None:
        self.http.close()
        for other in self._others:
            other.close()

    def __enter__(self) -> "ChatCaller":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def events_in(lines: Iterator[str]) -> Iterator[Any]:
    """The data of server-sent events, each of one line."""
    for line in lines:
        if line:
            name, _, data = line.partition(": ")
            assert name == "data"
            yield data if data == "[DONE]" else json.loads(data)


def detail(response: httpx.Response) -> tuple[int, str]:
    """Status and text of a plain error, once its form is checked."""
    body = response.json()
    assert set(body) == {"detail"}
    assert isinstance(body["detail"], str)
    return response.status_code, body["detail"]


def envelope(response: httpx.Response) -> tuple[int, str, str]:
    """Status, type and code of v1beta's typed errors, once their form is checked."""
    error = response.json()["detail"]["error"]
    assert set(error) - {"upstream"} == {"message", "type", "code"}
    assert error["message"]
    return response.status_code, error["type"], error["code"]


def places(response: httpx.Response) -> list[list[str | int]]:
    """Where a request failed validation, once the error's form is checked."""
    assert response.status_code == 422, response.text
    body = response.json()
    assert {k: body[k] for k in ("error", "message")} == {
        "error": "validation_error",
        "message": "Request validation failed",
    }
    assert all(set(problem) == {"loc", "msg", "type"} for problem in body["details"])
    return [problem["loc"] for problem in body["details"]]


def push(mock: Ovs, stream_id: str, picture: Picture | None = None) -> None:
    """Put a frame that stands for now into a stream's buffer."""
    push_frame(mock, stream_id, picture)


def _part(part: Any) -> Any:
    return {"type": "text", "text": part} if isinstance(part, str) else part
