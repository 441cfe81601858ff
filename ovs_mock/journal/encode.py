"""Events and streams as JSON. Instants in ISO 8601, durations in seconds, money in microcents. Pure."""

from dataclasses import fields
from enum import Enum
from typing import Any

from ovs_mock.engine.billing import Charge
from ovs_mock.engine.events import CacheUse, Event
from ovs_mock.engine.inference import Answer, Inference, Result, Usage
from ovs_mock.engine.instants import iso8601, seconds
from ovs_mock.engine.limits import Allowance
from ovs_mock.engine.stream import Stream

Json = dict[str, Any]


def event(happened: Event) -> Json:
    """``{"event": "StreamEnded", "at": …}`` and the event's own fields."""
    fields = {name: _value(name, getattr(happened, name)) for name in happened.__slots__}
    return {"event": type(happened).__name__, **fields}


def stream(shown: Stream) -> Json:
    """What the mock knows of a stream. Keys and tokens are left out."""
    newest = shown.frames.newest
    return {
        "stream_id": shown.id,
        "source_type": shown.transport,
        "state": shown.state.value,
        "end_reason": shown.ending.reason.value if shown.ending else None,
        "created_at": iso8601(shown.created_at),
        "lease_expires_at": iso8601(shown.lease_expires_at),
        "frames_received": shown.frames.received,
        "frames_retained": len(shown.frames),
        "frame_width": newest.picture.width if newest else 0,
        "frame_height": newest.picture.height if newest else 0,
        "fps": shown.frames.recent_fps(),
        "prompt": shown.plan.prompt if shown.plan else None,
        "model": shown.plan.model if shown.plan else None,
        "publishers": len(shown.publishers),
        "watchers": len(shown.subscribers),
        "inferences_completed": shown.completed,
        "inferences_failed": shown.failed,
        "charged_microcents": shown.meter.charged,
    }


def _value(name: str, value: object) -> Any:  # noqa: C901 - one row a kind of value
    match value:
        case Enum():
            return value.value if isinstance(value.value, str) else value.name.lower()
        case Charge():
            return {"seconds": seconds(value.duration), "microcents": value.microcents}
        case Inference():
            return _inference(value)
        case Result():
            return {**_inference(value.inference), "ok": value.answer.ok, "text": value.answer.text}
        case Answer():
            return {"ok": value.ok, "text": value.text, "error": value.error, "finish_reason": value.finish_reason}
        case Usage() | CacheUse() | Allowance():
            return {field.name: _value(field.name, getattr(value, field.name)) for field in fields(value)}
        case tuple():
            return [_value(name, each) for each in value]
        case int() if name in ("at", "resets_at"):
            return iso8601(value)
        case int() if name == "lease":
            return seconds(value)
        case _:
            return value


def _inference(asked: Inference) -> Json:
    return {"id": asked.id, "prompt": asked.prompt, "frames": [frame.index for frame in asked.frames]}
