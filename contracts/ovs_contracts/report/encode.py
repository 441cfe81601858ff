"""Encodes texts, values and calls for a report: without secrets, and cut where they are long."""

import json
import re
from typing import Any

from ovs_contracts.report.model import ReportedCall
from ovs_contracts.transport.exchange import Exchange
from ovs_contracts.transport.redaction import redacted, redacted_header

LONGEST_VALUE = 2000
LONGEST_BODY = 4000
# Characters that XML forbids or that a terminal would interpret.
CONTROL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")


def redacted_text(text: str, longest: int = LONGEST_VALUE) -> str:
    """Text without secrets and control characters, cut when it is long."""
    # Redacted before it is cut: half a key would not be recognised.
    clean = CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", redacted(text))
    return clean if len(clean) <= longest else f"{clean[:longest]}… ({len(clean)} characters)"


def value_text(value: object) -> str:
    """A value as text: strings as they are, else as JSON where that is possible, else its ``repr``."""
    if isinstance(value, str):
        return redacted_text(value)
    try:
        return redacted_text(json.dumps(value, ensure_ascii=False))
    except (TypeError, ValueError):
        return redacted_text(repr(value))


def redacted_json(value: Any) -> Any:
    """JSON with its strings redacted and cut."""
    match value:
        case str():
            return redacted_text(value)
        case dict():
            return {redacted_text(str(key)): redacted_json(item) for key, item in value.items()}
        case list() | tuple():
            return [redacted_json(item) for item in value]
        case bool() | int() | float() | None:
            return value
        case _:
            return value_text(value)


def reported_call(exchange: Exchange) -> ReportedCall:
    """A call and its answer."""
    return ReportedCall(
        curl=redacted_text(exchange.call.curl(), LONGEST_BODY),
        method=exchange.call.method,
        path=redacted_text(exchange.call.path),
        status=exchange.status,
        headers={name: redacted_text(redacted_header(name, value)) for name, value in exchange.headers.items()},
        body=redacted_text(_indented(exchange.text), LONGEST_BODY),
        seconds=round(exchange.seconds, 3),
    )


def _indented(text: str) -> str:
    """JSON with indentation; any other text unchanged."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
