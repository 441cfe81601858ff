"""Video for targets whose clock nobody can move: published for real, with the tokens that went by."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ovs_contracts.client.livekit.publisher import RoomPublisher, Size
from ovs_contracts.documents.versions import stream_path, version
from ovs_contracts.transport.exchange import Call, Deviation, Exchange
from ovs_contracts.transport.http_client import HttpClient
from ovs_contracts.transport.realtime import stopwatch, wait

# How long the first frame may take to arrive, and how often somebody looks whether it has.
ARRIVAL_TIMEOUT = 20.0
POLL_INTERVAL = 0.5


@dataclass(frozen=True, slots=True)
class PublishGrant:
    """What lets a publisher into the room of a stream."""

    version: str
    key: str = field(repr=False)
    url: str
    token: str = field(repr=False)


class PublishGrants:
    """Sees every call, and remembers the newest pass of each stream."""

    def __init__(self) -> None:
        self._grants: dict[str, PublishGrant] = {}

    def before(self, call: Call) -> None:
        """Nothing has been given out yet."""

    def after(self, exchange: Exchange) -> None:
        path = stream_path(exchange.call.path)
        if path is None or exchange.call.method != "POST" or exchange.status not in (200, 201):
            return
        if path.stream_id is None:
            self._on_created(path.version.name, exchange)
        elif path.action == "keepalive":
            self._on_renewed(path.stream_id, exchange)

    def for_stream(self, stream_id: str) -> PublishGrant:
        """AssertionError when nobody may publish into it."""
        assert stream_id in self._grants, f"no token to publish into stream {stream_id} went by"
        return self._grants[stream_id]

    def _on_created(self, version: str, exchange: Exchange) -> None:
        shown = _json_object(exchange)
        room = _member(shown, "livekit") or _member(shown, "publish")
        stream_id = shown.get("stream_id") or shown.get("id")
        if room and isinstance(stream_id, str):
            key = exchange.call.headers.get("authorization", "").removeprefix("Bearer ")
            self._grants[stream_id] = PublishGrant(version, key, str(room.get("url")), str(room.get("token")))

    def _on_renewed(self, stream_id: str, exchange: Exchange) -> None:
        shown, known = _json_object(exchange), self._grants.get(stream_id)
        token = shown.get("livekit_token") or _member(shown, "publish").get("token")
        if known and isinstance(token, str):
            self._grants[stream_id] = replace(known, token=token)


class PublishedFrames:
    """Publishes in real time.

    Like frames that are pushed into a mock, those of a stream begin when a check asks for them and pause when it does
    not; meanwhile the publisher stays in the room, as a stream may end when it leaves.
    """

    def __init__(self, grants: PublishGrants, call: HttpClient) -> None:
        self._grants = grants
        self._call = call
        self._publishers: dict[str, RoomPublisher] = {}

    def play(self, stream_id: str, seconds: float, *, fps: float, size: Size) -> int:
        """Publish for so many real seconds once the first frame has arrived; how many frames were sent in all."""
        publisher = self._publishers.get(stream_id)
        if publisher is None or (publisher.size, publisher.fps) != (size, fps) or publisher.disconnected.is_set():
            publisher = self._join(stream_id, size, fps)
            before = 0
        else:
            before = publisher.sent
        publisher.play(seconds)
        return publisher.sent - before

    def close(self) -> None:
        """Leave every room."""
        while self._publishers:
            self._publishers.popitem()[1].leave()

    def _join(self, stream_id: str, size: Size, fps: float) -> RoomPublisher:
        if earlier := self._publishers.pop(stream_id, None):
            earlier.leave()
        pass_ = self._grants.for_stream(stream_id)
        before = self._snapshot(stream_id, pass_)
        publisher = RoomPublisher(pass_.url, pass_.token, size=size, fps=fps)
        publisher.join()
        self._publishers[stream_id] = publisher
        wait_for_video(lambda: _has_new_frame(self._snapshot(stream_id, pass_), before))
        return publisher

    def _snapshot(self, stream_id: str, pass_: PublishGrant) -> dict[str, Any]:
        path = version(pass_.version).status_of(stream_id)
        return _json_object(self._call("GET", path, key=pass_.key))


def _has_new_frame(shown: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether a frame has come in between; v0.2 tells that by the state only."""
    if "last_frame_at_ms" in shown:
        return bool(shown["last_frame_at_ms"] != before.get("last_frame_at_ms"))
    return bool(shown.get("state") == "active")


def wait_for_video(arrived: Callable[[], bool], what: str = "published video arrives") -> None:
    """Wait in real time until ``arrived()``; a Deviation when it does not come about."""
    started = stopwatch()
    while not arrived():
        if stopwatch() - started > ARRIVAL_TIMEOUT:
            raise Deviation(what, expected=f"within {ARRIVAL_TIMEOUT:g} s", seen="none in that time")
        wait(POLL_INTERVAL)


def _json_object(exchange: Exchange) -> dict[str, Any]:
    """The body when it is an object, else an empty one: those who only look on judge nothing."""
    try:
        shown = json.loads(exchange.body)
    except ValueError:
        return {}
    return shown if isinstance(shown, dict) else {}


def _member(shown: dict[str, Any], name: str) -> dict[str, Any]:
    value = shown.get(name)
    return value if isinstance(value, dict) else {}
