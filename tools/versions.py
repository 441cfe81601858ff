"""Writes docs/VERSIONS.md: every difference between v1 and v1beta, generated from the tables that the mock itself uses.

python tools/versions.py            # writes the file
"""

from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

from ovs_mock.api.chat.version import ApiVersion
from ovs_mock.api.v1 import errors as v1_errors
from ovs_mock.api.v1.version import V1
from ovs_mock.api.v1beta import errors as v1beta_errors
from ovs_mock.api.v1beta.version import V1BETA
from ovs_mock.engine.errors import ErrorCode
from ovs_mock.engine.events import ChatFailed
from ovs_mock.engine.inference import Answer, FailureKind

TARGET = Path(__file__).parents[1] / "docs" / "VERSIONS.md"

LABELS = {
    "prefix": "path",
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


def document() -> str:
    """The whole page."""
    return "\n".join(
        [
            "# v1 and v1beta side by side",
            "",
            "Generated from the mock's own tables by `python tools/versions.py`. What both versions share is left out.",
            "",
            "| | v1 | v1beta |",
            "| --- | --- | --- |",
            *_rows(V1, V1BETA),
            "",
            "## Errors of chats",
            "",
            "Status, and in v1beta type and code.",
            "",
            "| what happened | v1 | v1beta |",
            "| --- | --- | --- |",
            *_error_rows(),
            *_failure_rows(),
            "",
        ]
    )


def _rows(one: ApiVersion, other: ApiVersion) -> Iterator[str]:
    for field in fields(ApiVersion):
        if field.name != "errors":
            mine, yours = getattr(one, field.name), getattr(other, field.name)
            if mine != yours:
                yield f"| {LABELS[field.name]} | {_cell(mine)} | {_cell(yours)} |"


def _error_rows() -> Iterator[str]:
    for code in ErrorCode:
        status, kind, name = v1beta_errors.REFUSALS[code]
        typed = f", {kind}, `{name}`" if kind else ""
        yield f"| {code.name.lower().replace('_', ' ')} | {v1_errors.REFUSALS[code]} | {status}{typed} |"


def _failure_rows() -> Iterator[str]:
    for kind in FailureKind:
        failure = ChatFailed(0, "", "", Answer(error="", failure=kind, upstream_status=503))
        statuses = f"{_status(v1_errors, failure)} | {_status(v1beta_errors, failure)}"
        yield f"| the model fails: {kind.name.lower()} | {statuses} |"


def _status(errors: ModuleType, failure: ChatFailed) -> str:
    problem = errors.failed(failure, "provider")
    typed = problem.body["detail"]
    if isinstance(typed, str):
        return str(problem.status)
    return f"{problem.status}, {typed['error']['type']}, `{typed['error']['code']}`"


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
