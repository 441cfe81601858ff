"""Publishes real video to targets whose clock cannot be moved, with the tokens of recorded responses."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ovs_contracts.client.livekit.publisher import RoomPublisher, Size
from ovs_contracts.documents.versions import stream_path, version
from ovs_contracts.transport.exchange import Call, Deviation, Exchange
from ovs_contracts.transport.http_client import HttpClient
from ovs_contracts.transport.realtime import stopwatch, wait

# Seconds that the first frame may take to arrive, and seconds between checks.
ARRIVAL_TIMEOUT = 20.0
POLL_INTERVAL = 0.5


@dataclass(frozen=True, slots=True)
class PublishGrant:
    """What a publisher needs to join the room of a stream."""

    version: str
    key: str = field(repr=False)
    url: str
    token: str = field(repr=False)


class PublishGrants:
    """Observes every call, and stores the newest grant of each stream."""

    def __init__(self) -> None:
        self._grants: dict[str, PublishGrant] = {}

    def before(self, call: Call) -> None:
        """Does nothing: grants come with responses."""

    def after(self, exchange: Exchange) -> None:
        path = stream_path(exchange.call.path)
        if path is None or exchange.call.method != "POST" or exchange.status not in (200, 201):
            return
        if path.stream_id is None:
            self._on_created(path.version.name, exchange)
        elif path.action == "keepalive":
            self._on_renewed(path.stream_id, exchange)

    def for_stream(self, stream_id: str) -> PublishGrant:
        """The newest grant of a stream. AssertionError when no response contained one."""
        assert stream_id in self._grants, f"no token to publish into stream {stream_id} went by"
        return self._grants[stream_id]

    def _on_created(self, version: str, exchange: Exchange) -> None:
        body = _json_object(exchange)
        room = _member(body, "livekit") or _member(body, "publish")
        stream_id = body.get("stream_id") or body.get("id")
        if room and isinstance(stream_id, str):
            key = exchange.call.headers.get("authorization", "").removeprefix("Bearer ")
            self._grants[stream_id] = PublishGrant(version, key, str(room.get("url")), str(room.get("token")))

    def _on_renewed(self, stream_id: str, exchange: Exchange) -> None:
        body, known = _json_object(exchange), self._grants.get(stream_id)
        token = body.get("livekit_token") or _member(body, "publish").get("token")
        if known and isinstance(token, str):
            self._grants[stream_id] = replace(known, token=token)


class PublishedFrames:
    """Publishes in real time.

    Frames are sent while a check plays them, and pause in between. The publisher stays in the room meanwhile, because
    a stream may end when it leaves.
    """

    def __init__(self, grants: PublishGrants, call: HttpClient) -> None:
        self._grants = grants
        self._call = call
        self._publishers: dict[str, RoomPublisher] = {}

    def play(self, stream_id: str, seconds: float, *, fps: float, size: Size) -> int:
        """Publish for so many real seconds after the first frame has arrived; returns the number of frames sent."""
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
        grant = self._grants.for_stream(stream_id)
        before = self._snapshot(stream_id, grant)
        publisher = RoomPublisher(grant.url, grant.token, size=size, fps=fps)
        publisher.join()
        self._publishers[stream_id] = publisher
        wait_for_video(lambda: _has_new_frame(self._snapshot(stream_id, grant), before))
        return publisher

    def _snapshot(self, stream_id: str, grant: PublishGrant) -> dict[str, Any]:
        path = version(grant.version).status_of(stream_id)
        return _json_object(self._call("GET", path, key=grant.key))


def _has_new_frame(body: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether a frame has arrived since ``before``; v0.2 shows that by the state only."""
    if "last_frame_at_ms" in body:
        return bool(body["last_frame_at_ms"] != before.get("last_frame_at_ms"))
    return bool(body.get("state") == "active")


def wait_for_video(arrived: Callable[[], bool], what: str = "published video arrives") -> None:
    """Wait in real time until ``arrived()``; Deviation after ARRIVAL_TIMEOUT seconds."""
    started = stopwatch()
    while not arrived():
        if stopwatch() - started > ARRIVAL_TIMEOUT:
            raise Deviation(what, expected=f"within {ARRIVAL_TIMEOUT:g} s", seen="none in that time")
        wait(POLL_INTERVAL)


def _json_object(exchange: Exchange) -> dict[str, Any]:
    """The body when it is a JSON object, else an empty dict: an observer reports no errors."""
    try:
        body = json.loads(exchange.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _member(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}
