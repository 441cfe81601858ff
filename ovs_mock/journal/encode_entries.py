"""Entries as JSON. Pure."""

from dataclasses import fields
from typing import Any

from ovs_mock.engine.instants import iso8601, micros
from ovs_mock.journal import encode
from ovs_mock.journal.entries import (
    EngineEvent,
    Entry,
    FaultTriggered,
    FramesArrived,
    PublisherChanged,
    Request,
    ServerEvent,
    SocketClosed,
    SocketMessage,
    SocketOpened,
)
from ovs_mock.journal.redaction import redacted

KINDS: dict[str, type[Entry]] = {
    "request": Request,
    "socket_opened": SocketOpened,
    "socket_message": SocketMessage,
    "socket_closed": SocketClosed,
    "server_event": ServerEvent,
    "frames": FramesArrived,
    "publisher": PublisherChanged,
    "fault": FaultTriggered,
    "event": EngineEvent,
}
NAMES = {kind: name for name, kind in KINDS.items()}
INSTANTS = ("at", "until", "answered_at")


def entry_json(number: int, entry: Entry) -> dict[str, Any]:
    """``{"number", "kind", "at", "says"}`` and the entry's own fields, instants in ISO 8601, without secrets."""
    text = redacted(str(entry))
    common = {"number": number, "kind": NAMES[type(entry)], "at": iso8601(micros(entry.at)), "says": text}
    if isinstance(entry, EngineEvent):
        return {**common, **_redact({**encode.event_json(entry.event), "at": common["at"]})}
    return {**common, **{field.name: _value(field.name, getattr(entry, field.name)) for field in fields(entry)}}


def _value(name: str, value: Any) -> Any:
    if name in INSTANTS:
        return None if value is None else iso8601(micros(value))
    return dict(value) if name in ("query", "headers", "answer_headers") else value


def _redact(value: Any) -> Any:
    """The value without secrets. Other entries are redacted when they are written, events only here."""
    match value:
        case str():
            return redacted(value)
        case list():
            return [_redact(each) for each in value]
        case dict():
            return {name: _redact(each) for name, each in value.items()}
        case _:
            return value
