"""The calls of v1 and v1beta, by their dialects."""

from dataclasses import replace

from ovs_mock.engine.errors import Why
from ovs_mock.engine.references import Evicted
from ovs_mock.wire.chat.dialect import Dialect
from ovs_mock.wire.chat.regions import HEADER, REGIONS
from ovs_mock.wire.chat.schemas import ChatBody
from ovs_mock.wire.chat.sources import CreateBody
from ovs_mock.wire.reference.operation import Operation, Parameter, Reference, Reply
from ovs_mock.wire.reference.replies_chat import TOO_LARGE, Troubles, invalid
from ovs_mock.wire.reference.shape import one_of, ref, text, uuid
from ovs_mock.wire.reference.shapes_chat import shapes

MODEL = "Qwen/Qwen3.5-9B"
STREAM = "ovs://streams/00000000-0000-4000-8000-000000000000"
STREAM_ID = Parameter("stream_id", "path", "The stream.", uuid())
REGION = Parameter(HEADER, "header", "Where the caller wants to be served; optional.", one_of(*REGIONS))
LIMITS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")

CAMERA = {"source": {"type": "rtsp", "url": "rtsp://user:secret@camera.example.com/live"}}
CHATS = {
    "about the newest frame": {
        "model": MODEL,
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is there?"},
                    {"type": "image_url", "image_url": {"url": STREAM + "?frame_index=-1"}},
                ],
            }
        ],
    },
    "about the last five seconds, streamed": {
        "model": MODEL,
        "stream": True,
        "stream_options": {"include_usage": True},
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "video_url", "video_url": {"url": STREAM + "?start_offset_ms=-5000&max_fps=2"}},
                    {"type": "text", "text": "What has happened?"},
                ],
            }
        ],
    },
    "as JSON that follows a schema": {
        "model": MODEL,
        "messages": [{"role": "user", "content": "Name a colour."}],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "colour", "schema": {"type": "object", "properties": {"name": {"type": "string"}}}},
        },
    },
}

DESCRIPTIONS = {
    "/v1": "Streams of video, and OpenAI-compatible chat completions that refer to their frames by ovs:// URLs.",
    "/v1beta": "The current API: v1 with typed errors of chats, regions, rate limits, cameras and viewers.",
}


def operations(dialect: Dialect) -> tuple[Operation, ...]:
    """All calls of one version."""
    calls = [*_streams(dialect), *([_viewer_token(dialect)] if dialect.viewers else []), *shared(dialect)]
    return tuple(_with_region(call, dialect) for call in calls)


def at_root(dialect: Dialect) -> tuple[Operation, ...]:
    """The calls of a version that the host's root has too."""
    calls = shared(dialect) if dialect.at_root else []
    at = [replace(call, path=call.path.removeprefix(dialect.prefix)) for call in calls]
    return tuple(_with_region(replace(call, summary=f"{call.summary}, at the root"), dialect) for call in at)


def _streams(dialect: Dialect) -> list[Operation]:
    trouble = Troubles(dialect, chat=False)
    streams = dialect.prefix + "/streams"
    poor = trouble.refusals(Why.INSUFFICIENT_CREDITS) if dialect.streams_need_credits else []
    bad_body = [TOO_LARGE, invalid("The body is not JSON, or fails validation.", "body", "source", "rtsp", "url")]
    found = _of_stream(dialect)
    create = Operation(
        method="POST",
        path=streams,
        summary="Create a stream",
        tag="Streams",
        description="" if dialect.cameras else "Needs no body; any is tolerated.",
        body=CreateBody if dialect.cameras else None,
        body_required=False,
        examples={"published by the caller": {}, "pulled from a camera": CAMERA} if dialect.cameras else {},
        replies=(
            Reply(201, "The stream runs.", ref("StreamCreated")),
            *trouble.refusals(Why.UNAUTHORIZED, Why.KEY_WITHOUT_USER),
            *poor,
            *(bad_body if dialect.cameras else []),
            *trouble.refusals(Why.DRAINING),
            trouble.internal(),
        ),
    )
    rows = [
        ("GET", "", "State and telemetry of a stream", "What is known of it.", "StreamStatus"),
        ("POST", "/keepalive", "Renew the lease", "It lives five minutes more.", "StreamRenewed"),
        ("DELETE", "", "End a stream", "It has ended, now or a short while ago.", "StreamDeleted"),
    ]
    return [create, *(_on_stream(dialect, found, *row) for row in rows)]


def _viewer_token(dialect: Dialect) -> Operation:
    row = ("POST", "/viewer-token", "Get a token to watch the video", "A token that can subscribe only.", "ViewerToken")
    return _on_stream(dialect, _of_stream(dialect), *row)


def _on_stream(
    dialect: Dialect, troubles: tuple[Reply, ...], method: str, path: str, summary: str, description: str, shape: str
) -> Operation:
    return Operation(
        method=method,
        path=dialect.prefix + "/streams/{stream_id}" + path,
        summary=summary,
        tag="Streams",
        parameters=(STREAM_ID,),
        replies=(Reply(200, description, ref(shape)), *troubles),
    )


def _of_stream(dialect: Dialect) -> tuple[Reply, ...]:
    """What every call about a stream can run into."""
    trouble = Troubles(dialect, chat=False)
    wrong_region = trouble.refusals(Why.WRONG_REGION) if dialect.regions else []
    return (
        *trouble.refusals(Why.UNAUTHORIZED, Why.KEY_WITHOUT_USER, Why.STREAM_NOT_FOUND),
        *wrong_region,
        invalid("The stream id is not a UUID.", "path", "stream_id", message="Input should be a valid UUID"),
        trouble.internal(),
    )


def shared(dialect: Dialect) -> list[Operation]:
    """Models and chats."""
    return [
        Operation(
            method="GET",
            path=dialect.prefix + "/models",
            summary="List the models",
            tag="Models",
            needs_key=False,
            replies=(
                Reply(200, "Those that can be asked, and those that cannot now.", ref("ModelList")),
                Troubles(dialect, chat=False).internal(),
            ),
        ),
        Operation(
            method="POST",
            path=dialect.prefix + "/chat/completions",
            summary="Ask about frames of streams, or about anything",
            tag="Chats",
            description="With `stream` the answer comes as server-sent events, and ends with `[DONE]`.",
            body=ChatBody,
            examples=CHATS,
            replies=(*_answers(dialect), *_chat_troubles(dialect)),
        ),
    ]


def _answers(dialect: Dialect) -> tuple[Reply, ...]:
    headers = LIMITS if dialect.rate_limited else ()
    events = text("Events `data: <a Chunk>`, then `data: [DONE]`.", contentSchema=ref("Chunk"))
    return (
        Reply(200, "The answer.", ref("Completion"), headers=headers),
        Reply(200, "The answer.", events, media_type="text/event-stream", headers=headers),
    )


def _chat_troubles(dialect: Dialect) -> list[Reply]:
    trouble = Troubles(dialect, chat=True)
    only_here = [
        *([Why.FRAME_EVICTED] if dialect.evicted is Evicted.REFUSE else []),
        *([Why.RATE_LIMITED] if dialect.rate_limited else []),
        *([Why.WRONG_REGION] if dialect.regions else []),
    ]
    return [
        *trouble.refusals(
            Why.UNAUTHORIZED,
            Why.KEY_WITHOUT_USER,
            Why.INSUFFICIENT_CREDITS,
            Why.STREAM_NOT_FOUND,
            Why.STREAM_OF_ANOTHER_USER,
            Why.FRAME_NOT_YET_PRODUCED,
            Why.FRAME_NOT_FOUND,
            Why.SEGMENT_EMPTY,
            Why.SEGMENT_INVALID,
            Why.NO_VIDEO_MODEL,
            *only_here,
        ),
        invalid("The body is not JSON, or fails validation.", "body", "messages"),
        *trouble.refusals(Why.UNKNOWN_MODEL, Why.MODEL_NOT_ACCEPTING, Why.DRAINING),
        *trouble.bad_urls(),
        *trouble.failures(),
        TOO_LARGE,
        trouble.internal(),
    ]


def _with_region(call: Operation, dialect: Dialect) -> Operation:
    """The header that every call takes, and the one that every answer has, where there are regions."""
    if not dialect.regions:
        return call
    bad = invalid("There is no such region.", "header", HEADER.lower(), message="Input should be a region", kind="enum")
    replies = [replace(reply, headers=(HEADER, *reply.headers)) for reply in (*call.replies, bad)]
    return replace(call, parameters=(*call.parameters, REGION), replies=tuple(replies))


def reference(dialect: Dialect) -> Reference:
    name = dialect.prefix.removeprefix("/")
    return Reference(
        title=f"Overshoot API {name} (mock)",
        version=name,
        prefix=dialect.prefix,
        description=DESCRIPTIONS[dialect.prefix],
        operations=operations(dialect),
        shapes=shapes(dialect),
    )
