"""``ovs://`` URLs, by which chats refer to frames and segments of streams. Pure.

``ovs://streams/{uuid}?frame_index=-1`` is a frame, ``ovs://streams/{uuid}?start_offset_ms=-5000`` a segment. They are
references and never fetched. Times in them are milliseconds; in the engine's references, microseconds.
"""

import math
import re
from collections.abc import Callable
from urllib.parse import unquote_plus
from uuid import UUID

from ovs_mock.api.errors import QueryParamError, StreamUrlError
from ovs_mock.engine.references import (
    DEFAULT_TOLERANCE,
    Anchor,
    AtIndex,
    AtOffset,
    AtTime,
    Direction,
    FrameReference,
    SegmentReference,
)

SCHEME = "ovs://"
MILLISECOND = 1_000
DEFAULT_MAX_FPS = 1.0
# More frames a second than instants can tell apart.
MOST_FPS = 1_000_000.0

_URL = re.compile(r"ovs://streams/([^/?#]+)\?([^#]*)", re.DOTALL)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INTEGER = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"[0-9]{0,15}\.?[0-9]{1,15}([eE][+-]?[0-9]{1,3})?")

_ANCHORS: dict[str, Callable[[int], Anchor]] = {
    "frame_index": AtIndex,
    "timestamp_ms": lambda ms: AtTime(ms * MILLISECOND),
    "offset_ms": lambda ms: AtOffset(ms * MILLISECOND),
}


def is_ovs_url(url: str) -> bool:
    return url[: len(SCHEME)].lower() == SCHEME


def parse_frame(url: str) -> tuple[str, FrameReference]:
    """The stream and the frame of an image's URL; raises StreamUrlError and QueryParamError."""
    stream_id, query = _split(url)
    anchor = _take_anchor(query, "")
    if anchor is None:
        raise QueryParamError(f"Give one of {', '.join(_ANCHORS)}.")
    reference = FrameReference(anchor, _take_tolerance(query), _take_direction(query))
    _require_nothing_left(query)
    return stream_id, reference


def parse_segment(url: str) -> tuple[str, SegmentReference]:
    """The stream and the segment of a video's URL; raises StreamUrlError and QueryParamError."""
    stream_id, query = _split(url)
    start = _take_anchor(query, "start_")
    if start is None:
        raise QueryParamError(f"Give one of {', '.join(f'start_{name}' for name in _ANCHORS)}.")
    reference = SegmentReference(start, _take_anchor(query, "end_"), _take_max_fps(query))
    _require_nothing_left(query)
    return stream_id, reference


def _split(url: str) -> tuple[str, dict[str, str]]:
    match = _URL.fullmatch(url)
    if match is None:
        raise StreamUrlError("The URL does not have the form ovs://streams/<stream_id>?<query>.")
    stream_id, query = match.groups()
    if not _UUID.fullmatch(stream_id):
        raise StreamUrlError("The stream id in the URL is not a UUID.")
    return str(UUID(stream_id)), _parameters(query)


def _parameters(query: str) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for item in query.split("&") if query else ():
        name, equals, value = item.partition("=")
        name = unquote_plus(name)
        if not equals:
            raise QueryParamError(f"The query parameter {_quoted(item)} has no value.")
        if name in parameters:
            raise QueryParamError(f"The query parameter {_quoted(name)} is given twice.")
        parameters[name] = unquote_plus(value)
    return parameters


def _take_anchor(query: dict[str, str], prefix: str) -> Anchor | None:
    """The anchor of that kind, out of the parameters; ``None`` when there is none."""
    given = [name for name in _ANCHORS if prefix + name in query]
    if len(given) > 1:
        raise QueryParamError(f"Give only one of {' and '.join(prefix + name for name in given)}.")
    return _ANCHORS[given[0]](_take_integer(query, prefix + given[0])) if given else None


def _take_tolerance(query: dict[str, str]) -> int:
    if "tolerance_ms" not in query:
        return DEFAULT_TOLERANCE
    tolerance = _take_integer(query, "tolerance_ms")
    if tolerance <= 0:
        raise QueryParamError("tolerance_ms must be more than zero.")
    return tolerance * MILLISECOND


def _take_direction(query: dict[str, str]) -> Direction:
    text = query.pop("direction", "nearest")
    direction = {member.name.lower(): member for member in Direction}.get(text)
    if direction is None:
        raise QueryParamError(f"direction is {_quoted(text)}; it must be nearest, forward or backward.")
    return direction


def _take_max_fps(query: dict[str, str]) -> float:
    if "max_fps" not in query:
        return DEFAULT_MAX_FPS
    text = query.pop("max_fps")
    fps = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not (math.isfinite(fps) and fps > 0):
        raise QueryParamError(f"max_fps is {_quoted(text)}; it must be a number above zero.")
    return min(fps, MOST_FPS)


def _take_integer(query: dict[str, str], name: str) -> int:
    text = query.pop(name)
    if not _INTEGER.fullmatch(text):
        raise QueryParamError(f"{name} is {_quoted(text)}; it must be a whole number.")
    return int(text)


def _require_nothing_left(query: dict[str, str]) -> None:
    if query:
        raise QueryParamError(f"Unknown query parameter {', '.join(_quoted(name) for name in query)}.")


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
