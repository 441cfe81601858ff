"""The calls of v0.2."""

from functools import cache

from ovs_mock.engine.errors import Why
from ovs_mock.wire.reference.operation import Operation, Parameter, Reference, Reply, Schema
from ovs_mock.wire.reference.replies_v02 import internal, invalid, malformed_id, refusals
from ovs_mock.wire.reference.shape import listed, ref, uuid
from ovs_mock.wire.reference.shapes_v02 import SHAPES, WEBSOCKET
from ovs_mock.wire.v02.schemas import CreateStreamBody, FeedbackBody, PromptBody, ReinferBody

MODEL = "Qwen/Qwen3.5-9B"
STREAM_ID = Parameter("stream_id", "path", "The stream.", uuid())
NO_KEY = refusals(Why.UNAUTHORIZED)
OF_STREAM = refusals(Why.UNAUTHORIZED, Why.STREAM_NOT_FOUND)
INVALID_PROMPT = invalid(["prompt"], "String should have at least 1 character")

DESCRIPTION = """\
Streams of video with a prompt: the model is asked at a cadence, and results come over a WebSocket. Deprecated,
and still served. A stream lives 45 seconds from its creation or its last keepalive, and costs by its time.
"""


def _ok(schema: Schema, description: str = "Done.", status: int = 200) -> Reply:
    return Reply(status, description, schema)


CREATE = Operation(
    method="POST",
    path="/v0.2/streams",
    summary="Create a stream",
    tag="Streams",
    description="Sets the routing cookie `media-gateway-route`.",
    body=CreateStreamBody,
    examples={
        "clips": {
            "processing": {"target_fps": 6, "clip_length_seconds": 0.5, "delay_seconds": 2},
            "inference": {"prompt": "Describe what you see.", "model": MODEL},
        },
        "frames, with an output schema": {
            "mode": "frame",
            "processing": {"interval_seconds": 1},
            "inference": {
                "prompt": "How many people are there?",
                "model": MODEL,
                "output_schema_json": {"type": "object", "properties": {"people": {"type": "integer"}}},
            },
        },
        "the user's own LiveKit room": {
            "source": {"type": "livekit", "url": "wss://livekit.example.com", "token": "a-token"},
            "processing": {"interval_seconds": 0.5},
            "inference": {"prompt": "Is the door open?", "model": MODEL, "max_output_tokens": 16},
            "client": {"request_id": "door-1"},
        },
    },
    replies=(
        _ok(ref("StreamCreateResponse"), "The stream runs.", 201),
        *invalid(["inference", "prompt"], "String should have at least 1 character"),
        *refusals(
            Why.UNAUTHORIZED,
            Why.INSUFFICIENT_CREDITS,
            Why.UNKNOWN_MODEL,
            Why.TOO_MANY_STREAMS,
            Why.MODEL_NOT_ACCEPTING,
            Why.DRAINING,
        ),
        internal(),
    ),
)

OPERATIONS = (
    CREATE,
    Operation(
        method="POST",
        path="/v0.2/streams/{stream_id}/keepalive",
        summary="Renew the lease",
        tag="Streams",
        description="Charges the time since the last charge. Without credits the lease is not renewed.",
        parameters=(STREAM_ID,),
        replies=(
            _ok(ref("KeepaliveResponse"), "The lease is renewed."),
            *OF_STREAM,
            *refusals(Why.INSUFFICIENT_CREDITS),
            internal(),
        ),
    ),
    Operation(
        method="DELETE",
        path="/v0.2/streams/{stream_id}",
        summary="Close a stream",
        tag="Streams",
        parameters=(STREAM_ID,),
        replies=(
            _ok(ref("StatusResponse"), "It was running, and is closed."),
            Reply(204, "It had ended already."),
            *OF_STREAM,
            internal(),
        ),
    ),
    Operation(
        method="PATCH",
        path="/v0.2/streams/{stream_id}/config/prompt",
        summary="Change the prompt",
        tag="Streams",
        description="From the next inference on.",
        parameters=(STREAM_ID,),
        body=PromptBody,
        examples={"prompt": {"prompt": "Count the cars."}},
        replies=(
            _ok(ref("StreamConfigResponse"), "The stream's settings."),
            malformed_id(),
            *INVALID_PROMPT,
            *OF_STREAM,
            internal(),
        ),
    ),
    Operation(
        method="GET",
        path="/v0.2/streams/{stream_id}/info",
        summary="Telemetry of a stream",
        tag="Streams",
        parameters=(STREAM_ID,),
        replies=(_ok(ref("StreamInfoResponse"), "What is known of the stream."), *OF_STREAM, internal()),
    ),
    Operation(
        method="POST",
        path="/v0.2/streams/{stream_id}/spectate",
        summary="Get a token to watch the video",
        tag="Streams",
        parameters=(STREAM_ID,),
        replies=(
            _ok(ref("SpectateResponse"), "A token that can subscribe only, for five minutes."),
            *OF_STREAM,
            *refusals(Why.NOT_NATIVE),
            internal(),
        ),
    ),
    Operation(
        method="POST",
        path="/v0.2/streams/{stream_id}/feedback",
        summary="Rate a stream",
        tag="Feedback",
        deprecated=True,
        parameters=(STREAM_ID,),
        body=FeedbackBody,
        examples={"feedback": {"rating": 8, "category": "accuracy", "feedback": "Counts well."}},
        replies=(
            _ok(ref("StatusResponse"), "Noted."),
            *invalid(["rating"], "Input should be less than or equal to 10"),
            *NO_KEY,
            internal(),
        ),
    ),
    Operation(
        method="GET",
        path="/v0.2/streams/feedback",
        summary="List the caller's feedback",
        tag="Feedback",
        deprecated=True,
        replies=(_ok(listed(ref("FeedbackEntry")), "All of it."), *NO_KEY, internal()),
    ),
    Operation(
        method="GET",
        path="/v0.2/models",
        summary="List the models",
        tag="Models",
        replies=(_ok(listed(ref("ModelEntry")), "A bare array."), *NO_KEY, internal()),
    ),
    Operation(
        method="POST",
        path="/v0.2/chat/completions/clip",
        summary="Ask again about the clip of a result",
        tag="Models",
        body=ReinferBody,
        examples={"again": {"result_id": "result_1", "prompt": "What colour is the car?", "model": MODEL}},
        replies=(
            _ok(ref("ReinferResponse"), "The answer."),
            *invalid(["result_id"], "Field required"),
            *NO_KEY,
            *refusals(Why.CLIP_NOT_FOUND, Why.UNKNOWN_MODEL, Why.MODEL_NOT_ACCEPTING),
            internal("The model, or the mock, failed."),
        ),
    ),
    Operation(
        method="GET",
        path="/v0.2/healthz",
        summary="Whether the server is there",
        tag="Service",
        needs_key=False,
        replies=(_ok(ref("StatusResponse"), "It is."),),
    ),
)


@cache
def reference() -> Reference:
    return Reference(
        title="Overshoot API v0.2 (mock)",
        version="0.2",
        prefix="/v0.2",
        description=DESCRIPTION,
        operations=OPERATIONS,
        shapes=SHAPES,
        extensions={"x-websocket": WEBSOCKET},
    )
