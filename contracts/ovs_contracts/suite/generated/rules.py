"""Rules between the fields of a body, which a JSON Schema cannot say: what breaks one must be refused with a 422."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from ovs_contracts.client.v02 import PREFIX
from ovs_contracts.documents import Json
from ovs_contracts.documents.versions import chat_versions

CREATE = f"POST {PREFIX}/streams"
REINFER = f"POST {PREFIX}/chat/completions/clip"
CHATS = tuple(f"POST {prefix}/chat/completions" for prefix in ("", *(version.prefix for version in chat_versions())))


@dataclass(frozen=True)
class FieldRule:
    """Part of the contract. ``broken`` tells whether a body that is valid otherwise breaks it."""

    name: str
    operations: tuple[str, ...]
    broken: Callable[[Json], bool]


def broken_rule(operation: str, body: Any) -> FieldRule | None:
    """The first rule of the operation that the body breaks."""
    if not isinstance(body, dict):
        return None
    return next((rule for rule in RULES if operation in rule.operations and rule.broken(body)), None)


def _few_frames(body: Json) -> bool:
    processing = body["processing"]
    length = processing.get("clip_length_seconds")
    return length is not None and _fps(processing) * length < 3


def _two_ways_to_sample(body: Json) -> bool:
    processing = body["processing"]
    if "clip_length_seconds" not in processing:
        return False
    target = processing.get("target_fps") is not None
    legacy = [processing.get(name) is not None for name in ("fps", "sampling_ratio")]
    return any(legacy) if target else not all(legacy)


def _fps(processing: Json) -> int:
    """Frames a second of a clip; the legacy pair rounds down."""
    if processing.get("target_fps") is not None:
        return int(processing["target_fps"])
    if processing.get("fps") is None or processing.get("sampling_ratio") is None:
        return 0
    # No float holds the largest integers of JSON.
    return int(min(processing["fps"], 10**9) * processing["sampling_ratio"])


def _many_tokens(body: Json) -> bool:
    tokens = body["inference"].get("max_output_tokens")
    processing = body["processing"]
    interval = processing.get("interval_seconds", processing.get("delay_seconds"))
    return tokens is not None and tokens > 128 * interval


def _contradiction(body: Json) -> bool:
    kind = "frame" if "interval_seconds" in body["processing"] else "clip"
    return body.get("mode") not in (None, kind)


def _no_such_tool(body: Json) -> bool:
    choice = body.get("tool_choice")
    names = [tool["function"]["name"] for tool in body.get("tools") or ()]
    if isinstance(choice, dict):
        return choice["function"]["name"] not in names
    return choice == "required" and not names


def _no_schema(body: Json) -> bool:
    return any(not _is_schema(schema) for schema in _schemas(body))


def _schemas(body: Json) -> Iterator[Json]:
    """Every JSON Schema that a body asks to be followed."""
    wanted = [body.get("output_schema"), (body.get("inference") or {}).get("output_schema_json")]
    wanted.append(((body.get("response_format") or {}).get("json_schema") or {}).get("schema"))
    wanted += [tool["function"].get("parameters") for tool in body.get("tools") or ()]
    yield from (schema for schema in wanted if schema is not None)


def _is_schema(schema: Json) -> bool:
    """Whether it is one by draft 2020-12; what names another draft, or refers to something, is not judged."""
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError:
        return False
    return True


RULES = (
    FieldRule("target_fps, or fps with sampling_ratio", (CREATE,), _two_ways_to_sample),
    FieldRule("a clip has at least three frames", (CREATE,), _few_frames),
    FieldRule("at most 128 tokens for each second of the interval", (CREATE,), _many_tokens),
    FieldRule("mode and processing agree", (CREATE,), _contradiction),
    FieldRule("tool_choice leads to a tool", CHATS, _no_such_tool),
    FieldRule("schemas are JSON Schemas", (CREATE, REINFER, *CHATS), _no_schema),
)
