"""From the engine's streams and models to JSON. Pure. Times are milliseconds since the Unix epoch."""

from typing import Any

from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.models import ModelEntry
from ovs_mock.engine.stream import CameraSource, Stream

Json = dict[str, Any]

MILLISECOND = 1_000
# When all models were made, in Unix seconds: 2026-01-01.
MODELS_CREATED = 1_767_225_600


def created(stream: Stream, publish: Json | None, version: ChatVersion) -> Json:
    return {
        "id": stream.id,
        "state": state(stream),
        **_source(stream, version),
        "publish": publish,
        "expires_at_ms": stream.lease_expires_at // MILLISECOND,
        "ttl_seconds": stream.rules.lease // SECOND,
    }


def renewed(stream: Stream, publish: Json | None, now: int) -> Json:
    return {
        "id": stream.id,
        "expires_at_ms": stream.lease_expires_at // MILLISECOND,
        "ttl_seconds": stream.rules.lease // SECOND,
        # Clients rely on a number here, in v1 too.
        "stream_time_ms": stream_time(stream, now) or 0,
        "publish": publish,
    }


def deleted(stream_id: str) -> Json:
    return {"id": stream_id, "deleted": True}


def view(stream_id: str, url: str, token: str, lifetime: int) -> Json:
    return {
        "id": stream_id,
        "view": {"type": "livekit", "url": url, "token": token, "expires_in_seconds": lifetime // SECOND},
    }


def publish(url: str, token: str) -> Json:
    return {"type": "livekit", "url": url, "token": token}


def status(stream: Stream, now: int, version: ChatVersion) -> Json:
    """All telemetry. What speaks of frames is null until the first one; counts are zero."""
    ending = stream.ending
    expires = ending is None or version.ended_streams_expire
    time = stream_time(stream, now)
    return {
        "id": stream.id,
        "state": state(stream),
        **_source(stream, version),
        "stream_time_ms": version.stream_time_before_frames if time is None else time,
        **_frames(stream),
        "created_at_ms": stream.created_at // MILLISECOND,
        "expires_at_ms": stream.lease_expires_at // MILLISECOND if expires else None,
        "ttl_seconds": stream.rules.lease // SECOND,
        "ended_at_ms": ending.at // MILLISECOND if ending else None,
        "end_reason": version.end_reasons[ending.reason] if ending else None,
        "audio": False,
        # Nothing is pulled yet, and a published stream has none.
        **({"last_pull": None} if version.cameras else {}),
    }


def state(stream: Stream) -> str:
    return "active" if stream.running else "ended"


def stream_time(stream: Stream, now: int) -> int | None:
    """The stream's own clock in milliseconds, from its first frame on; it stops when the stream ends."""
    if stream.first_frame_at is None:
        return None
    newest = stream.frames.newest
    until = stream.ending.at if stream.ending else max(now, newest.at if newest else now)
    return max(0, until - stream.first_frame_at) // MILLISECOND


def models(entries: list[ModelEntry], version: ChatVersion) -> Json:
    listed = [(entry, version.model_statuses[entry.status]) for entry in entries]
    return {
        "object": "list",
        "data": [
            {
                "id": entry.id,
                "object": "model",
                "created": MODELS_CREATED,
                "owned_by": "overshoot",
                "status": status_name,
            }
            for entry, status_name in listed
            if status_name is not None and (entry.hosted or version.passthrough_models)
        ],
    }


def _source(stream: Stream, version: ChatVersion) -> Json:
    """The source of a stream, where the version shows it: never the URL of a camera, which holds credentials."""
    if not version.cameras:
        return {}
    return {"source": {"type": stream.source.kind if isinstance(stream.source, CameraSource) else "livekit"}}


def _frames(stream: Stream) -> Json:
    frames = stream.frames
    oldest = frames.oldest
    seen = frames.received > 0
    return {
        "first_frame_at_ms": _milliseconds(stream.first_frame_at),
        "last_frame_at_ms": _milliseconds(frames.last_at),
        "last_frame_index": frames.received - 1 if seen else None,
        "first_available_frame_at_ms": _milliseconds(oldest.at if oldest else None),
        "first_available_frame_index": oldest.index if oldest else None,
        "recent_fps": frames.recent_fps() if seen else None,
        "retained_frame_count": len(frames),
        "evicted_frame_count": frames.evicted,
    }


def _milliseconds(instant: int | None) -> int | None:
    return None if instant is None else instant // MILLISECOND
