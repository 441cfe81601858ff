"""v1 and v1beta: the status of a stream."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.mutants.area import Area, version_area
from ovs_mock.mutants.catalogue.routes import in_turn, status
from ovs_mock.mutants.edits import Edit, change, drop, put
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.responses import on

V1_STATUS = Area("v1/status")
V1BETA_STATUS = Area("v1beta/status")

TIMES = ("first_frame_at_ms", "last_frame_at_ms", "first_available_frame_at_ms")
FRAMES = (*TIMES, "last_frame_index", "first_available_frame_index", "recent_fps")


def _or_null(to: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else to(value)


def _renumbered(body: Any) -> Any:
    """Indices count from the oldest frame that is retained."""
    if body["last_frame_index"] is not None and body["retained_frame_count"]:
        body["last_frame_index"] -= body["first_available_frame_index"]
        body["first_available_frame_index"] = 0
    return body


def _emptied(body: Any) -> Any:
    if body["state"] == "ended":
        body["retained_frame_count"] = 0
    return body


def _zeros(body: Any) -> Any:
    return {name: 0 if name in FRAMES and value is None else value for name, value in body.items()}


EDITS: tuple[tuple[str, str, tuple[Edit, ...]], ...] = (
    ("without-audio", "the status does not say that there is no audio", (drop("audio"),)),
    ("audio-null", "audio is null", (put("audio", None),)),
    ("without-evicted-count", "the status does not count evicted frames", (drop("evicted_frame_count"),)),
    (
        "index-off-by-one",
        "the last frame's index is the number of frames",
        (change("last_frame_index", _or_null(lambda i: i + 1)),),
    ),
    ("renumbered", "eviction renumbers the frames", (_renumbered,)),
    ("evicted-uncounted", "evicted_frame_count stays zero", (put("evicted_frame_count", 0),)),
    (
        "retained-never-falls",
        "retained_frame_count counts evicted frames",
        (lambda b: {**b, "retained_frame_count": b["retained_frame_count"] + b["evicted_frame_count"]},),
    ),
    ("fps-as-text", "recent_fps is a string", (change("recent_fps", _or_null(str)),)),
    (
        "times-in-seconds",
        "times of frames are seconds",
        tuple(change(name, _or_null(lambda ms: ms // 1_000)) for name in TIMES),
    ),
    ("created-as-text", "created_at_ms is ISO 8601", (put("created_at_ms", "2026-09-01T00:00:00Z"),)),
    ("zeros-before-frames", "before the first frame its fields are zero and not null", (_zeros,)),
    (
        "first-frame-forgotten",
        "first_frame_at_ms is that of the oldest frame retained",
        (lambda b: {**b, "first_frame_at_ms": b["first_available_frame_at_ms"]},),
    ),
    (
        "time-since-creation",
        "stream_time_ms counts from the stream's creation",
        (
            lambda b: {
                **b,
                "stream_time_ms": (b["last_frame_at_ms"] or b["created_at_ms"]) - b["created_at_ms"] + 1_500,
            },
        ),
    ),
    ("counters-reset-at-end", "a stream that has ended shows no frames", (_emptied,)),
    (
        "closed-and-not-ended",
        "the state of a stream that has ended is closed",
        (change("state", lambda s: "closed" if s == "ended" else s),),
    ),
    (
        "end-reason-of-v02",
        "end reasons are those of v0.2",
        (
            change(
                "end_reason", _or_null(lambda r: {"deleted": "client_requested", "expired": "lease_expired"}.get(r, r))
            ),
        ),
    ),
    (
        "expiry-as-deleted",
        "a stream whose lease ran out says deleted",
        (change("end_reason", _or_null(lambda _: "deleted")),),
    ),
    ("without-end-time", "ended_at_ms is always null", (put("ended_at_ms", None),)),
)


def _of(version: str) -> Iterator[Mutant]:
    for name, description, edits in EDITS:
        yield version_area(version, "status")(f"status-{name}", description, on(status(version), 200, *edits))


def _time_before_frames(version: str, time: int | None) -> Callable[[ChatVersion], ChatVersion]:
    return lambda of: replace(of, stream_time_before_frames=time) if of.prefix == f"/{version}" else of


MUTANTS = (
    *in_turn(_of),
    V1_STATUS(
        "v1-status-time-zero-before-frames",
        "v1: stream_time_ms is 0 before the first frame",
        chat_version=_time_before_frames("v1", 0),
    ),
    V1BETA_STATUS(
        "v1beta-status-time-null-before-frames",
        "v1beta: stream_time_ms is null before the first frame",
        chat_version=_time_before_frames("v1beta", None),
    ),
    V1BETA_STATUS(
        "v1beta-status-without-source",
        "v1beta: the status does not say the source",
        on(status("v1beta"), 200, drop("source")),
    ),
    V1BETA_STATUS(
        "v1beta-status-without-last-pull",
        "v1beta: the status has no last_pull",
        on(status("v1beta"), 200, drop("last_pull")),
    ),
    V1BETA_STATUS(
        "v1beta-status-pull-without-camera",
        "v1beta: last_pull of a published stream is zero",
        on(status("v1beta"), 200, change("last_pull", lambda pull: pull or 0)),
    ),
    V1BETA_STATUS(
        "v1beta-status-expires-when-ended",
        "v1beta: expires_at_ms is not null once the stream has ended",
        chat_version=lambda of: replace(of, ended_streams_expire=True),
    ),
)
