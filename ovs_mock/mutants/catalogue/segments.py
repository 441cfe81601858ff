"""v1 and v1beta: which frames an ovs:// URL of a video means."""

import re
from collections.abc import Callable
from dataclasses import replace

from ovs_mock.engine.commands import AskChat
from ovs_mock.engine.conversation import RequestMessage, StreamSegment
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.references import AtIndex, AtOffset, AtTime, SegmentReference
from ovs_mock.engine.stream import Stream
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import chat
from ovs_mock.mutants.edits import at, put
from ovs_mock.mutants.engines import edit_command
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.references import segments, urls
from ovs_mock.mutants.responses import on

AREA = Area("chat/segments")
EVERY_FRAME = 1_000_000.0


def _end_inclusive(reference: SegmentReference, _: Stream) -> SegmentReference:
    match reference.end:
        case AtIndex(index) if index >= 0:
            return replace(reference, end=AtIndex(index + 1))
        case AtTime(time):
            return replace(reference, end=AtTime(time + 1))
        case _:
            return reference


def _from_zero_is_now(reference: SegmentReference, _: Stream) -> SegmentReference:
    return replace(reference, start=AtIndex(-1)) if reference.start == AtOffset(0) else reference


def _none_evicted(reference: SegmentReference, stream: Stream) -> SegmentReference:
    match reference.start:
        case AtIndex(index) if 0 <= index < stream.frames.evicted:
            raise CommandRejectedError(ErrorCode.FRAME_EVICTED, "The segment begins before the oldest frame.")
        case _:
            return reference


def _none_to_come(reference: SegmentReference, stream: Stream) -> SegmentReference:
    newest, first = stream.frames.newest, stream.first_frame_at
    match reference.end:
        case AtTime(time) if newest is not None and first is not None and first + time > newest.at + 1:
            raise CommandRejectedError(ErrorCode.FRAME_NOT_YET_PRODUCED, "The segment ends after the newest frame.")
        case AtIndex(index) if index > stream.frames.received:
            raise CommandRejectedError(ErrorCode.FRAME_NOT_YET_PRODUCED, "The segment ends after the newest frame.")
        case _:
            return reference


def _turned_round(reference: SegmentReference, _: Stream) -> SegmentReference:
    match (reference.start, reference.end):
        case (AtIndex(start), AtIndex(end)) if 0 <= end <= start:
            return replace(reference, start=AtIndex(end), end=AtIndex(start + 1))
        case (AtTime(start), AtTime(end)) if end <= start:
            return replace(reference, start=AtTime(end), end=AtTime(start + 1))
        case _:
            return reference


def _one_kind(reference: SegmentReference, _: Stream) -> SegmentReference:
    if reference.end is not None and type(reference.start) is not type(reference.end):
        raise CommandRejectedError(ErrorCode.SEGMENT_INVALID, "Start and end must be of one kind.")
    return reference


def _first_only(message: RequestMessage) -> RequestMessage:
    """Of several segments the first alone."""
    found = [part for part in message.parts if isinstance(part, StreamSegment)]
    return replace(message, parts=tuple(part for part in message.parts if part not in found[1:]))


def _has_code(code: str) -> Callable[[MutantRequest, MutantResponse], bool]:
    return lambda _, response: at(response.body, "detail.error.code") == code


def _first_end(query: str) -> str:
    ends = [item for item in query.split("&") if item.startswith("end_")]
    return "&".join(item for item in query.split("&") if item not in ends[1:])


def _some_fps(query: str) -> str:
    return re.sub(r"max_fps=(0|-[\d.]+)(?=&|$)", "max_fps=1", query)


def _all_by_default(query: str) -> str:
    return f"{query}&max_fps=1000" if "start_" in query and "max_fps" not in query else query


MUTANTS = (
    AREA("segment-end-inclusive", "v1 and v1beta: the end of a segment belongs to it", engine=segments(_end_inclusive)),
    AREA(
        "segment-end-ignored",
        "v1 and v1beta: segments go on to the live edge",
        engine=segments(lambda reference, _: replace(reference, end=None)),
    ),
    AREA(
        "max-fps-ignored",
        "v1 and v1beta: segments are not thinned",
        engine=segments(lambda reference, _: replace(reference, max_fps=EVERY_FRAME)),
    ),
    AREA(
        "max-fps-without-default",
        "v1 and v1beta: segments without max_fps are not thinned",
        message_filter=urls(_all_by_default),
    ),
    AREA("max-fps-of-zero-accepted", "v1 and v1beta: a max_fps of zero is accepted", message_filter=urls(_some_fps)),
    AREA(
        "segment-from-zero-is-now",
        "v1 and v1beta: start_offset_ms=0 is the live edge",
        engine=segments(_from_zero_is_now),
    ),
    AREA(
        "segment-partly-evicted-refused",
        "v1 and v1beta: a segment that begins before the oldest frame is refused",
        engine=segments(_none_evicted),
    ),
    AREA(
        "segment-past-the-edge-refused",
        "v1 and v1beta: a segment that ends after the newest frame is refused",
        engine=segments(_none_to_come),
    ),
    AREA(
        "segment-backwards-accepted",
        "v1 and v1beta: a segment whose end is before its start is turned round",
        engine=segments(_turned_round),
    ),
    AREA(
        "segment-of-two-kinds-refused",
        "v1 and v1beta: start and end of a segment must be of one kind",
        engine=segments(_one_kind),
    ),
    AREA("segment-two-ends-accepted", "v1 and v1beta: of two ends the first counts", message_filter=urls(_first_end)),
    AREA(
        "segments-after-the-first-ignored",
        "v1 and v1beta: of several segments in a message the first alone is looked at",
        engine=edit_command(
            AskChat, lambda command, _: replace(command, messages=tuple(_first_only(m) for m in command.messages))
        ),
    ),
    AREA(
        "v1beta-segment-empty-422",
        "v1beta: a segment without frames is 422",
        on(chat("v1beta"), 404, to=422, when=_has_code("segment_empty")),
    ),
    AREA(
        "v1beta-segment-empty-renamed",
        "v1beta: the code of a segment without frames is no_frames",
        on(chat("v1beta"), 404, put("detail.error.code", "no_frames"), when=_has_code("segment_empty")),
    ),
    AREA(
        "v1beta-segment-invalid-422",
        "v1beta: a segment that ends before it begins is 422",
        on(chat("v1beta"), 400, to=422, when=_has_code("segment_invalid")),
    ),
)
