"""The answers of v1 and v1beta, field by field. Pure."""

from ovs_mock.wire.chat.dialect import Dialect
from ovs_mock.wire.reference.operation import Schema
from ovs_mock.wire.reference.shape import (
    boolean,
    integer,
    listed,
    null,
    nullable,
    number,
    one_of,
    record,
    ref,
    text,
    uuid,
    with_optional,
)

FINISH = one_of("stop", "length", "tool_calls", "content_filter")
INDEX = nullable(integer("Counted from the stream's first frame, which is 0; null before it."))
FRAME_TIME = nullable(integer("Unix milliseconds; null before the first frame."))


def shapes(dialect: Dialect) -> dict[str, Schema]:
    """All of one version."""
    return {
        **_streams(dialect),
        **_chats(),
        **_models(dialect),
        **_errors(dialect),
    }


def _streams(dialect: Dialect) -> dict[str, Schema]:
    publish = (
        nullable(ref("Connection"), "Where to publish; null for a camera.") if dialect.cameras else ref("Connection")
    )
    source = {"source": ref("Source")} if dialect.cameras else {}
    source_shape = {"Source": record(type=one_of("livekit", "rtsp", "hls"))} if dialect.cameras else {}
    viewer = {"View": _view(), "ViewerToken": record(id=uuid(), view=ref("View"))} if dialect.viewers else {}
    state = one_of("active", "ended")
    return {
        "Connection": record("A LiveKit room.", type=one_of("livekit"), url=text(), token=text("New each time.")),
        **source_shape,
        **viewer,
        "StreamCreated": record(
            id=uuid(), state=state, **source, publish=publish, expires_at_ms=integer(), ttl_seconds=integer()
        ),
        "StreamStatus": record(id=uuid(), state=state, **source, **_telemetry(dialect)),
        "StreamRenewed": record(
            id=uuid(), expires_at_ms=integer(), ttl_seconds=integer(), stream_time_ms=integer(), publish=publish
        ),
        "StreamDeleted": record(id=uuid(), deleted=boolean(const=True)),
    }


def _telemetry(dialect: Dialect) -> dict[str, Schema]:
    last_pull = nullable(integer(), "When the newest frame of a camera came, in Unix milliseconds.")
    time = integer("The stream's own clock: 0 at its first frame.")
    return {
        "stream_time_ms": nullable(time) if dialect.stream_time_before_frames is None else time,
        "first_frame_at_ms": FRAME_TIME,
        "last_frame_at_ms": FRAME_TIME,
        "last_frame_index": INDEX,
        "first_available_frame_at_ms": FRAME_TIME,
        "first_available_frame_index": INDEX,
        "recent_fps": nullable(number("Of the last frames.")),
        "retained_frame_count": integer(),
        "evicted_frame_count": integer(),
        "created_at_ms": integer(),
        "expires_at_ms": integer() if dialect.ended_streams_expire else nullable(integer("Null once it has ended.")),
        "ttl_seconds": integer(),
        "ended_at_ms": nullable(integer()),
        "end_reason": nullable(one_of(*sorted(set(dialect.end_reasons.values())))),
        "audio": boolean(const=False),
        **({"last_pull": last_pull} if dialect.cameras else {}),
    }


def _view() -> Schema:
    return record(
        "A LiveKit room, to subscribe only.",
        type=one_of("livekit"),
        url=text(),
        token=text(),
        expires_in_seconds=integer(),
    )


def _chats() -> dict[str, Schema]:
    head = {"id": text(), "created": integer("Unix seconds."), "model": text()}
    return {
        "Completion": record(
            object=one_of("chat.completion"),
            **head,
            choices=listed(ref("Choice")),
            usage=ref("Usage"),
            overshoot=ref("Overshoot"),
        ),
        "Choice": record(index=integer(), message=ref("Message"), finish_reason=FINISH),
        "Message": record(
            "All four keys are always there.",
            role=one_of("assistant"),
            content=nullable(text()),
            tool_calls=nullable(listed(ref("ToolCall"))),
            function_call=null(),
        ),
        "ToolCall": record(id=text(), type=one_of("function"), function=ref("Called")),
        "Called": record(name=text(), arguments=text("JSON text.")),
        "Usage": record(prompt_tokens=integer(), completion_tokens=integer(), total_tokens=integer()),
        "Overshoot": record(cache=ref("Cache")),
        "Cache": record(
            "What the thread's prompt cache saved.",
            thread_id=nullable(text()),
            cache_hit=boolean(),
            cached_input_tokens=integer(),
        ),
        "Chunk": with_optional(
            record(
                "The data of one server-sent event.",
                object=one_of("chat.completion.chunk"),
                **head,
                choices=listed(ref("ChunkChoice"), "Empty in the chunk with the usage."),
            ),
            usage=nullable(ref("Usage")),
            overshoot=ref("Overshoot"),
        ),
        "ChunkChoice": record(
            index=integer(), delta={"type": "object"}, finish_reason=nullable(FINISH, "In a choice's last chunk.")
        ),
    }


def _models(dialect: Dialect) -> dict[str, Schema]:
    statuses = sorted({status for status in dialect.model_statuses.values() if status is not None})
    return {
        "ModelList": record(object=one_of("list"), data=listed(ref("Model"))),
        "Model": record(
            id=text(),
            object=one_of("model"),
            created=integer("Unix seconds."),
            owned_by=text(),
            status=one_of(*statuses),
        ),
    }


def _errors(dialect: Dialect) -> dict[str, Schema]:
    return {**plain_errors(), **(_typed_errors() if dialect.regions else {})}


def plain_errors() -> dict[str, Schema]:
    """The forms that all current versions have."""
    return {
        "Detail": record("The plain form of an error.", detail=text()),
        "ValidationError": record(
            "A request that fails validation.",
            error=one_of("validation_error"),
            message=one_of("Request validation failed"),
            details=listed(ref("Problem")),
        ),
        "Problem": record(
            "One thing that fails validation, in FastAPI's form.",
            loc=listed({"type": ["string", "integer"]}, "Where: `body`, `path` or `header`, then names and indices."),
            msg=text(),
            type=text("pydantic's name of the mistake."),
        ),
    }


def _typed_errors() -> dict[str, Schema]:
    return {
        "TypedError": record("An error of a chat.", detail=ref("TypedDetail")),
        "TypedDetail": record(error=ref("ChatError")),
        "ChatError": with_optional(
            record(message=text("For people."), type=text(), code=text("For programs.")), upstream=ref("Upstream")
        ),
        "Upstream": record(
            "What the model's provider said.",
            provider=text(),
            status=nullable(integer()),
            body=nullable(text()),
            rate_limits=null(),
        ),
        "RegionError": record("The stream is in another region.", detail=ref("RegionDetail")),
        "RegionDetail": record(
            error=one_of("region_error"), expected_region=text(), requested_region=text("What the caller said.")
        ),
    }
