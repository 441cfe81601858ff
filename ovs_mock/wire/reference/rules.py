"""What validators of request bodies ask for beyond types and limits. Places are ``Model`` or ``Model.field``."""

from ovs_mock.wire.reference.operation import Schema

JSON_SCHEMA = "Must be a valid JSON Schema."

RULES = {
    "ClipBody": (
        "Give `target_fps`, or both `fps` and `sampling_ratio` (which make target_fps = floor(fps * sampling_ratio)), "
        "but not both forms. A clip needs at least 3 frames: target_fps * clip_length_seconds ≥ 3."
    ),
    "CreateStreamBody.source": "Null or absent: a native stream, to whose room the caller publishes.",
    "CreateStreamBody.processing": "With `interval_seconds`: frame mode, else clip mode.",
    "CreateStreamBody.mode": "Follows from `processing`; one that contradicts it is refused.",
    "ClientBody.request_id": "Repeated as the `request_id` of errors.",
    "InferenceBody.output_schema_json": JSON_SCHEMA + " Results are then JSON text that follows it.",
    "InferenceBody.max_output_tokens": (
        "At most 128 for each second of the interval (`delay_seconds` or `interval_seconds`), which is the default."
    ),
    "ReinferBody.output_schema": JSON_SCHEMA,
    "ReinferBody.result_id": "The `id` of a result; its clip is there, and not a 404, a second or two later.",
    "UrlBody.url": "`ovs://streams/{stream_id}?…`, `https://…`, or, for images, `data:image/…;base64,…`.",
    "ImagePart.image_url": (
        "An object, or the URL itself. One frame of a stream: `?` with exactly one of `frame_index`, `timestamp_ms`, "
        "`offset_ms`; optionally `tolerance_ms` (100) and `direction` (`nearest`, `forward`, `backward`)."
    ),
    "VideoPart.video_url": (
        "An object, or the URL itself. A segment of a stream: `?` with exactly one of `start_frame_index`, "
        "`start_timestamp_ms`, `start_offset_ms`; optionally one of `end_frame_index`, `end_timestamp_ms`, "
        "`end_offset_ms` (the live edge), and `max_fps` (1.0)."
    ),
    "MessageBody": "Only an assistant's message may have no content.",
    "MessageBody.content": "Text, or a list of parts.",
    "FunctionBody.parameters": JSON_SCHEMA,
    "SchemaBody.schema": JSON_SCHEMA,
    "ResponseFormat": "The type json_schema needs the field `json_schema`.",
    "ChatBody": (
        "Unknown fields are accepted and mean nothing. `tool_choice` required, or naming a function, needs the tools "
        "that it means."
    ),
    "ChatBody.max_tokens": "The older name of `max_completion_tokens`.",
    "ChatBody.thread_id": "Chats of one thread share a prompt cache.",
    "ChatBody.stream": "Answer as server-sent events.",
    "StreamOptions.include_usage": "Send the usage in a last chunk without choices.",
    "RtspBody.url": "Never shown again: it may hold credentials.",
    "HlsBody.url": "Never shown again: it may hold credentials.",
}

# Fields that take a text in place of their object or list, and how long it must be at least.
ALSO_TEXT = {"MessageBody.content": 0, "ImagePart.image_url": 1, "VideoPart.video_url": 1}

# The rules about several fields of which JSON Schema can speak.
_NULL = {"type": "null"}
_INTEGER = {"type": "integer"}
_NUMBER = {"type": "number"}
CONDITIONS: dict[str, Schema] = {
    "ClipBody": {
        "oneOf": [
            {"required": ["target_fps"], "properties": {"target_fps": _INTEGER, "fps": _NULL, "sampling_ratio": _NULL}},
            {
                "required": ["fps", "sampling_ratio"],
                "properties": {"target_fps": _NULL, "fps": _INTEGER, "sampling_ratio": _NUMBER},
            },
        ]
    },
    "MessageBody": {
        "if": {"not": {"properties": {"role": {"const": "assistant"}}}},
        "then": {"required": ["content"], "properties": {"content": {"type": ["string", "array"]}}},
    },
    "ResponseFormat": {
        "if": {"properties": {"type": {"const": "json_schema"}}},
        "then": {"required": ["json_schema"], "properties": {"json_schema": {"type": "object"}}},
    },
}

PATTERNS = {"RtspBody.url": "^rtsps?://.+", "HlsBody.url": "^https?://.+"}
