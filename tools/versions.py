"""Writes docs/VERSIONS.md: every difference between versions of chats, generated from the tables of the mock.

python tools/versions.py            # writes the file
"""

from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import Any

from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.api.errors import ErrorResponse
from ovs_mock.api.versions import VERSIONS
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import ChatFailed
from ovs_mock.engine.inference import Answer, FailureKind

TARGET = Path(__file__).parents[1] / "docs" / "VERSIONS.md"

LABELS = {
    "name": "path",
    "at_root": "also `/models` and `/chat/completions` at the host's root",
    "evicted": "an index older than the buffer",
    "rate_limited": "rate limit on chats, with `x-ratelimit-*` headers",
    "regions": "`X-Overshoot-Region`",
    "cameras": "camera sources, with `source` and `last_pull` in answers",
    "viewers": "viewer tokens",
    "streams_need_credits": "402 for a new stream without credits",
    "stream_time_before_frames": "`stream_time_ms` before the first frame",
    "ended_streams_expire": "an ended stream still has its `expires_at_ms`",
    "end_reasons": "`end_reason`",
    "model_statuses": "status of a model in the list",
    "passthrough_models": "models of other providers are listed",
}


COMPARED = tuple(version for version in VERSIONS.values() if isinstance(version, ChatVersion))


def document() -> str:
    """The whole page."""
    names = [version.name for version in COMPARED]
    return "\n".join(
        [
            f"# {' and '.join(names)} side by side",
            "",
            "Generated from the mock's own tables by `python tools/versions.py`. What all versions share is left out.",
            "",
            _row("", names),
            "| --- |" + " --- |" * len(names),
            *_differences(),
            "",
            "## Errors of chats",
            "",
            "Status, type and code, where the version has them.",
            "",
            _row("what happened", names),
            "| --- |" + " --- |" * len(names),
            *_rejections(),
            *_failures(),
            "",
        ]
    )


def _differences() -> Iterator[str]:
    for field in fields(ChatVersion):
        values = [getattr(version, field.name) for version in COMPARED]
        if field.name != "errors" and any(value != values[0] for value in values):
            cells = [f"/{value}" if field.name == "name" else value for value in values]
            yield _row(LABELS[field.name], [_cell(cell) for cell in cells])


def _rejections() -> Iterator[str]:
    for code in ErrorCode:
        error = CommandRejectedError(code, "")
        cells = [_status(version.errors.rejected(error, chat=True)) for version in COMPARED]
        yield _row(code.name.lower().replace("_", " "), cells)


def _failures() -> Iterator[str]:
    for kind in FailureKind:
        failure = ChatFailed(0, "", "", Answer(error="", failure=kind, upstream_status=503))
        cells = [_status(version.errors.failed(failure, "provider")) for version in COMPARED]
        yield _row(f"the model fails: {kind.name.lower()}", cells)


def _row(label: str, cells: list[str]) -> str:
    return f"| {' | '.join([label, *cells])} |".replace("|  |", "| |")


def _status(response: ErrorResponse) -> str:
    detail = response.body.get("detail")
    if not isinstance(detail, dict):
        return str(response.status)
    return f"{response.status}, {detail['error']['type']}, `{detail['error']['code']}`"


def _cell(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "null"
        case Enum():
            return {"CLAMP": "the oldest retained frame", "REFUSE": "410 `frame_evicted`"}[value.name]
        case str() | int():
            return f"`{value}`"
        case mapping:
            return ", ".join(f"{key.value} → {f'`{name}`' if name else 'left out'}" for key, name in mapping.items())


if __name__ == "__main__":
    TARGET.write_text(document())
