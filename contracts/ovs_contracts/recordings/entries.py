"""The lines of a transcript."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ovs_contracts.recordings.placeholders import NAME

FORMAT = 1

Entry = dict[str, Any]


class RecordingError(Exception):
    """A file is no transcript of a known format; the message says why."""


def read(path: Path) -> tuple[Entry, list[Entry]]:
    """The header of a transcript, and its entries."""
    try:
        header, *entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise RecordingError(f"{path} is no transcript: {error}") from None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise RecordingError(f"{path} is no transcript of format {FORMAT}")
    return header, entries


def text(entry: Entry) -> str:
    """An entry as the line that a difference shows for a step."""
    match entry:
        case {"call": {"method": method, "path": path, "caller": caller} as call}:
            body = f" {call['body'][:200]}" if "body" in call else ""
            return f"{method} {path}{body}, called by {caller or 'nobody'}"
        case {"socket": number, "opens": path}:
            return f"socket {number} opens {path}"
        case {"socket": number, "says": message}:
            return f"socket {number} says {message}"
        case {"socket": number, "hears": _}:
            return f"socket {number} hears something"
        case {"socket": number}:
            return f"socket {number} is closed"
        case {"arranges": path, "body": body}:
            return f"arranged: {path} {json.dumps(body)}"
        case {"next": what}:
            return f"next: {what}"
        case _:
            return json.dumps(entry)


def preceding(before: Sequence[Entry], entry: Entry) -> list[Entry]:
    """The earlier entries that name the same streams."""
    names = _ids(entry)
    return [each for each in before if _ids(each) & names]


def _ids(entry: Entry) -> set[str]:
    return {name for name in NAME.findall(json.dumps(entry)) if name.startswith("<uuid")}
