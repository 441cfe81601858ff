"""How the command line writes its log: for people, or as JSON lines."""

import json
import logging
import sys
from typing import Any

from aiohttp.http_exceptions import HttpProcessingError

from ovs_mock.engine.events import Event, PromptUpdated, StateChanged, StreamCreated, StreamEnded
from ovs_mock.engine.instants import iso8601, seconds

log = logging.getLogger("ovs_mock.streams")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the fields of the message."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": iso8601(int(record.created * 1_000_000)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)


def configure(*, as_json: bool, level: str) -> None:
    """Send the mock's log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    plain = logging.Formatter("%(asctime)s  %(message)s", datefmt="%H:%M:%S")
    handler.setFormatter(JsonFormatter() if as_json else plain)
    handler.addFilter(_shorten_parser_errors)
    for name in ("ovs_mock", "aiohttp.server"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level.upper())
        logger.propagate = False


def _shorten_parser_errors(record: logging.LogRecord) -> bool:
    """Log a request that is not HTTP as a warning, without the traceback of aiohttp's parser."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, HttpProcessingError):
        record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
        record.msg, record.args = "a request is not HTTP: %s", (" ".join(error.message.split()),)
    return logging.getLogger(record.name).isEnabledFor(record.levelno)


def log_event(event: Event) -> None:
    """Log the events of streams that matter to a person at the terminal."""
    match event:
        case StreamCreated():
            _log(event, f"created, lease {seconds(event.lease):g} s", {"event": "stream_created"})
        case StateChanged():
            _log(event, f"is {event.state}", {"event": "state_changed", "state": event.state})
        case PromptUpdated():
            _log(event, "has a new prompt", {"event": "prompt_updated"})
        case StreamEnded():
            _log(event, f"ended: {event.reason}", {"event": "stream_ended", "reason": event.reason})
        case _:
            pass


def _log(event: StreamCreated | StateChanged | PromptUpdated | StreamEnded, what: str, fields: dict[str, Any]) -> None:
    fields = {**fields, "stream_id": event.stream_id, "at": iso8601(event.at)}
    log.info("stream %s %s", event.stream_id, what, extra={"fields": fields})
