"""From the engine's state and events to v0.2 JSON. Pure."""

from typing import Any

from ovs_mock.engine.billing import MICROCENTS_PER_CENT
from ovs_mock.engine.events import LeaseRenewed
from ovs_mock.engine.feedback import Feedback
from ovs_mock.engine.inference import Result
from ovs_mock.engine.instants import SECOND, iso8601, seconds
from ovs_mock.engine.models import ModelEntry, ModelStatus
from ovs_mock.engine.stream import EndReason, Stream

Json = dict[str, Any]

# What production hands out beside a WebRTC answer.
TURN_URLS = (
    "turn:turn.overshoot.ai:3478?transport=udp",
    "turn:turn.overshoot.ai:3478?transport=tcp",
    "turns:turn.overshoot.ai:443?transport=udp",
    "turns:turn.overshoot.ai:443?transport=tcp",
)
MAX_EFFECTIVE_SIZE = (1280, 720)


def created(stream: Stream, *, livekit: Json | None, answer_sdp: str | None) -> Json:
    """All three transport fields are present, null where they are not the source's."""
    return {
        "stream_id": stream.id,
        "livekit": livekit,
        "webrtc": None if answer_sdp is None else {"type": "answer", "sdp": answer_sdp},
        # The Python SDK builds its lease and livekit objects from exactly these keys.
        "lease": {"ttl_seconds": stream.rules.lease // SECOND},
        "turn_servers": None if answer_sdp is None else turn_servers(stream.id),
    }


def turn_servers(stream_id: str) -> list[Json]:
    return [{"urls": url, "username": stream_id, "credential": "mock"} for url in TURN_URLS]


def connection(url: str, token: str) -> Json:
    return {"url": url, "token": token}


def renewed(event: LeaseRenewed, livekit_token: str | None) -> Json:
    """The charge is exact; the balance is rounded down to whole cents."""
    return {
        "status": "ok",
        "stream_id": event.stream_id,
        "ttl_seconds": event.lease // SECOND,
        "credits_remaining_cents": event.balance // MICROCENTS_PER_CENT,
        "cost_cents": event.charge.microcents / MICROCENTS_PER_CENT,
        "seconds_charged": seconds(event.charge.duration),
        "livekit_token": livekit_token,
        "state": event.state.value,
    }


def config(stream: Stream) -> Json:
    plan = stream.plan
    assert plan is not None, "every v0.2 stream has a plan"
    return {
        "id": stream.config_id,
        "stream_id": stream.id,
        "prompt": plan.prompt,
        "backend": plan.backend,
        "model": plan.model,
        "output_schema_json": plan.output_schema,
        "created_at": iso8601(stream.created_at),
        "updated_at": iso8601(stream.updated_at),
    }


def info(stream: Stream, now: int) -> Json:
    """Telemetry; sizes and rates are zero before the first frame."""
    newest = stream.frames.newest
    width, height = (newest.picture.width, newest.picture.height) if newest else (0, 0)
    effective_width, effective_height = effective_size(width, height)
    return {
        "stream_id": stream.id,
        "source_type": stream.transport,
        "state": stream.state.value,
        "uptime_seconds": seconds(now - stream.created_at),
        "fps": stream.frames.recent_fps(),
        "frame_width": width,
        "frame_height": height,
        "effective_width": effective_width,
        "effective_height": effective_height,
        "inferences_completed": stream.completed,
        "inferences_failed": stream.failed,
        "last_inference_latency_seconds": seconds(stream.last_latency),
    }


def effective_size(width: int, height: int) -> tuple[int, int]:
    """The size after the 720p cap: within 1280x720 (or 720x1280 upright), proportions kept, even."""
    long_side, short_side = MAX_EFFECTIVE_SIZE
    if width < height:
        long_side, short_side = short_side, long_side
    if width <= long_side and height <= short_side:
        return width, height
    scale = min(long_side / width, short_side / height)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def result(outcome: Result) -> Json:
    """A StreamInferenceResult. A failed one has an empty result and the error."""
    inference, answer = outcome.inference, outcome.answer
    return {
        "id": inference.id,
        "stream_id": inference.stream_id,
        "mode": inference.mode,
        "model_backend": inference.backend,
        "model_name": inference.model,
        "prompt": inference.prompt,
        "result": answer.text if answer.ok else "",
        "inference_latency_ms": outcome.latency / 1_000,
        "total_latency_ms": outcome.total_latency / 1_000,
        "ok": answer.ok,
        "error": answer.error,
        "finish_reason": answer.finish_reason,
    }


def reinferred(outcome: Result) -> Json:
    usage = outcome.answer.usage
    return {
        "id": outcome.inference.id,
        "model": outcome.inference.model,
        "content": outcome.answer.text,
        "finish_reason": outcome.answer.finish_reason,
        "usage": {
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "total_tokens": usage.total_tokens,
        },
    }


def models(entries: list[ModelEntry]) -> list[Json]:
    """A bare array: the SDKs iterate over the body itself."""
    return [{"model": entry.id, **_STATUSES[entry.status]} for entry in entries]


# This version has no status for a model that is still loading.
_STATUSES = {
    status: {
        "ready": status.accepting,
        "status": (ModelStatus.UNAVAILABLE if status is ModelStatus.LOADING else status).value,
    }
    for status in ModelStatus
}


def feedback(entries: list[Feedback]) -> list[Json]:
    return [
        {
            "id": entry.id,
            "stream_id": entry.stream_id,
            "rating": entry.rating,
            "category": entry.category,
            "feedback": entry.text,
            "created_at": iso8601(entry.created_at),
            "updated_at": iso8601(entry.created_at),
        }
        for entry in entries
    ]


def close_reason(reason: EndReason) -> str:
    """What sockets are closed with when their stream ends; clients match on it."""
    return f"stream ended: {reason.value}"
