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


def event_json(event_: Event) -> Json:
    """``{"event": "StreamEnded", "at": …}`` and the event's own fields."""
    fields = {name: _value(name, getattr(event_, name)) for name in event_.__slots__}
    return {"event": type(event_).__name__, **fields}


def stream_json(stream: Stream) -> Json:
    """A stream as JSON, without keys and tokens."""
    newest = stream.frames.newest
    return {
        "stream_id": stream.id,
        "source_type": stream.transport,
        "state": stream.state.value,
        "end_reason": stream.ending.reason.value if stream.ending else None,
        "created_at": iso8601(stream.created_at),
        "lease_expires_at": iso8601(stream.lease_expires_at),
        "frames_received": stream.frames.received,
        "frames_retained": len(stream.frames),
        "frame_width": newest.picture.width if newest else 0,
        "frame_height": newest.picture.height if newest else 0,
        "fps": stream.frames.recent_fps(),
        "prompt": stream.plan.prompt if stream.plan else None,
        "model": stream.plan.model if stream.plan else None,
        "publishers": len(stream.publishers),
        "watchers": len(stream.subscribers),
        "inferences_completed": stream.completed,
        "inferences_failed": stream.failed,
        "charged_microcents": stream.meter.charged,
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


def _inference(inference: Inference) -> Json:
    return {"id": inference.id, "prompt": inference.prompt, "frames": [frame.index for frame in inference.frames]}
