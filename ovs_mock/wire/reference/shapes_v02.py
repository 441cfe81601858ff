"""The answers of v0.2, field by field."""

from ovs_mock.engine.stream import EndReason
from ovs_mock.wire.reference.operation import Schema
from ovs_mock.wire.reference.shape import (
    boolean,
    integer,
    listed,
    nullable,
    number,
    one_of,
    record,
    ref,
    text,
    uuid,
    with_optional,
)

STATE = one_of("pending", "active", "idle", description="pending: no frame yet; idle: frames have stopped")
FINISH = nullable(one_of("stop", "length", "content_filter"))
MODE = one_of("clip", "frame")
SIZE = "In pixels; 0 before the first frame."
MOMENT = nullable(text("ISO 8601, UTC", format="date-time"))

SHAPES: dict[str, Schema] = {
    "Error": with_optional(
        record(
            "Every error of this version.",
            error=text("What went wrong, for programs."),
        ),
        message=text("What went wrong, for people."),
        request_id=nullable(text(), "The `client.request_id` of the request that made the stream."),
        details=nullable(listed(ref("Problem")), "What fails validation, and where."),
    ),
    "Problem": record(
        "One thing that fails validation, in FastAPI's form.",
        loc=listed({"type": ["string", "integer"]}, "Where: `body`, then names and indices."),
        msg=text(),
        type=text("pydantic's name of the mistake."),
    ),
    "LiveKit": record("Where to connect with a LiveKit client.", url=text(), token=text()),
    "Lease": record("How long the stream lives without a keepalive.", ttl_seconds=integer()),
    "SdpAnswer": record(type=one_of("answer"), sdp=text()),
    "TurnServer": record(urls=text(), username=text(), credential=text()),
    "StreamCreateResponse": record(
        stream_id=uuid(),
        livekit=nullable(ref("LiveKit"), "For native streams: where to publish."),
        webrtc=nullable(ref("SdpAnswer"), "For the webrtc source: the answer to its offer."),
        lease=ref("Lease"),
        turn_servers=nullable(listed(ref("TurnServer")), "For the webrtc source."),
    ),
    "KeepaliveResponse": record(
        status=one_of("ok"),
        stream_id=uuid(),
        ttl_seconds=integer("The lease, from now on."),
        credits_remaining_cents=integer("Rounded down."),
        cost_cents=number("What has just been charged."),
        seconds_charged=number("The time since the last charge."),
        livekit_token=nullable(text(), "A fresh one; null unless the stream is native."),
        state=STATE,
    ),
    "StatusResponse": record(status=one_of("ok")),
    "StreamConfigResponse": record(
        id=text(),
        stream_id=uuid(),
        prompt=text(),
        backend=one_of("overshoot", "gemini"),
        model=text(),
        output_schema_json=nullable({"type": "object"}),
        created_at=MOMENT,
        updated_at=MOMENT,
    ),
    "StreamInfoResponse": record(
        stream_id=uuid(),
        source_type=one_of("native", "webrtc", "livekit"),
        state=STATE,
        uptime_seconds=number(),
        fps=number("Of the last frames."),
        frame_width=integer(SIZE),
        frame_height=integer(SIZE),
        effective_width=integer("After the cap at 720p."),
        effective_height=integer("After the cap at 720p."),
        inferences_completed=integer(),
        inferences_failed=integer(),
        last_inference_latency_seconds=number(),
    ),
    "SpectateResponse": record(livekit=ref("LiveKit")),
    "FeedbackEntry": record(
        id=text(),
        stream_id=text(),
        rating=integer(),
        category=text(),
        feedback=text(),
        created_at=MOMENT,
        updated_at=MOMENT,
    ),
    "ModelEntry": record(
        model=text(),
        ready=boolean("Whether new streams are taken."),
        status=one_of("ready", "degraded", "saturated", "loading", "unavailable"),
    ),
    "Usage": record(prompt_tokens=integer(), completion_tokens=integer(), total_tokens=integer()),
    "ReinferResponse": record(
        id=text(),
        model=text(),
        content=text("JSON text, when a schema was given."),
        finish_reason=FINISH,
        usage=ref("Usage"),
    ),
    "SocketKey": record("The first message, from the client.", api_key=text(minLength=1)),
    "StreamInferenceResult": record(
        "Every message from the server.",
        id=text("Names the result in later calls."),
        stream_id=uuid(),
        mode=MODE,
        model_backend=one_of("overshoot", "gemini"),
        model_name=text(),
        prompt=text("The one that this inference was made with."),
        result=text("JSON text, when the stream has an output schema; empty when `ok` is false."),
        inference_latency_ms=number(),
        total_latency_ms=number("The wait of its newest frame included."),
        ok=boolean(),
        error=nullable(text(), "Why `ok` is false."),
        finish_reason=FINISH,
    ),
}

WEBSOCKET: Schema = {
    "path": "/v0.2/ws/streams/{stream_id}",
    "summary": "Watch the results of a stream",
    "description": [
        "The handshake always succeeds and needs no header: browsers could neither send one nor see a refusal.",
        'The client\'s first message is its key as text, {"api_key": "ovs-…"}, within 10 seconds.',
        "From then on each result of the stream comes as one text message. Nothing is replayed, and later messages "
        "of the client mean nothing. Several sockets may watch one stream: each gets every result.",
        "The server closes the socket when the stream ends, and says why in the reason.",
    ],
    "client_message": ref("SocketKey"),
    "server_message": ref("StreamInferenceResult"),
    "close_codes": {
        "1001": "The stream has ended. The reason is one of: "
        + ", ".join(f"stream ended: {reason.value}" for reason in EndReason),
        "1008": "Not authenticated: the first message was missing, late or malformed, the key is not valid, or there "
        "is no such stream of the caller's.",
        "1013": "Results were not read, and too many had piled up.",
    },
}
