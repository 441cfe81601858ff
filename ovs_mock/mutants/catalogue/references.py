"""v1 and v1beta: which frame an ovs:// URL of an image means."""

import re
from collections.abc import Callable
from dataclasses import replace

from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.engine.commands import AskChat
from ovs_mock.engine.events import Event
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.references import AtIndex, AtOffset, AtTime, Direction, Evicted, FrameReference
from ovs_mock.engine.state import EngineState
from ovs_mock.engine.stream import Stream
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import chat
from ovs_mock.mutants.edits import put
from ovs_mock.mutants.engines import EngineStep, edit_command, on_command
from ovs_mock.mutants.references import frames, running, streams_of, urls
from ovs_mock.mutants.responses import on

AREA = Area("chat/references")
ANY_DISTANCE = 10**15


def _evicted(version: str, handle: Evicted) -> Callable[[ChatVersion], ChatVersion]:
    return lambda of: replace(of, evicted=handle) if of.prefix == f"/{version}" else of


def _index(change: Callable[[int, Stream], int]) -> Callable[[FrameReference, Stream], FrameReference]:
    def changed(reference: FrameReference, stream: Stream) -> FrameReference:
        if not isinstance(reference.anchor, AtIndex):
            return reference
        return replace(reference, anchor=AtIndex(change(reference.anchor.index, stream)))

    return changed


def _clamped(index: int, stream: Stream) -> int:
    return min(index, stream.frames.received - 1) if stream.frames.received else index


def _from_oldest(index: int, stream: Stream) -> int:
    return index + stream.frames.evicted if index >= 0 else index


def _offset_forward(reference: FrameReference, _: Stream) -> FrameReference:
    match reference.anchor:
        case AtOffset(offset) if offset < 0:
            return replace(reference, anchor=AtOffset(-offset))
        case _:
            return reference


def _offset_zero_is_now(reference: FrameReference, _: Stream) -> FrameReference:
    match reference.anchor:
        case AtOffset(0):
            return replace(reference, anchor=AtIndex(-1))
        case _:
            return reference


def _seconds(reference: FrameReference, _: Stream) -> FrameReference:
    match reference.anchor:
        case AtTime(time):
            return replace(reference, anchor=AtTime(time * 1_000))
        case _:
            return reference


def _since_creation(reference: FrameReference, stream: Stream) -> FrameReference:
    match reference.anchor:
        case AtTime(time) if stream.first_frame_at is not None:
            return replace(reference, anchor=AtTime(max(0, time - (stream.first_frame_at - stream.created_at))))
        case _:
            return reference


def _tolerant(tolerance: int) -> Callable[[FrameReference, Stream], FrameReference]:
    return lambda reference, _: replace(reference, tolerance=tolerance)


def _first_of_each(query: str) -> str:
    """Of parameters that are given twice, the first."""
    parameters: dict[str, str] = {}
    for item in query.split("&"):
        parameters.setdefault(item.partition("=")[0], item)
    return "&".join(parameters.values())


KNOWN = re.compile(r"(start_|end_)?(frame_index|timestamp_ms|offset_ms)|tolerance_ms|direction|max_fps")


def _only_known(query: str) -> str:
    return "&".join(item for item in query.split("&") if KNOWN.fullmatch(item.partition("=")[0]))


def _first_anchor(query: str) -> str:
    anchors = [item for item in query.split("&") if re.match(r"(frame_index|timestamp_ms|offset_ms)=", item)]
    return "&".join(item for item in query.split("&") if item not in anchors[1:])


def _newest_by_default(query: str) -> str:
    return query if re.search(r"frame_index|timestamp_ms|offset_ms", query) else f"frame_index=-1&{query}".rstrip("&")


def _lenient_direction(query: str) -> str:
    return re.sub(r"direction=[^&]*", lambda found: found[0].lower(), query)


def _positive_tolerance(query: str) -> str:
    return re.sub(r"tolerance_ms=(0|-\d+)(?=&|$)", "tolerance_ms=1", query)


def _whole(query: str) -> str:
    return re.sub(r"(frame_index=-?\d+)\.\d+", r"\1", query)


def _as_owner(command: AskChat, state: EngineState) -> AskChat:
    state.accounts.authenticate(command.key)
    streams = streams_of(command, state)
    return replace(command, key=streams[0].key) if streams else command


def _of_the_ended(command: AskChat, step: EngineStep) -> list[Event]:
    with running(streams_of(command, step.state)):
        return step.run(command)


MUTANTS = (
    AREA(
        "v1-evicted-not-clamped",
        "v1: an index older than the buffer is refused",
        chat_version=_evicted("v1", Evicted.REFUSE),
    ),
    AREA(
        "v1beta-evicted-clamped",
        "v1beta: an index older than the buffer means the oldest frame",
        chat_version=_evicted("v1beta", Evicted.CLAMP),
    ),
    AREA("v1beta-evicted-404", "v1beta: a frame that was evicted is 404", on(chat("v1beta"), 410, to=404)),
    AREA(
        "v1beta-evicted-code-gone",
        "v1beta: the code of a frame that was evicted is frame_gone",
        on(chat("v1beta"), 410, put("detail.error.code", "frame_gone")),
    ),
    AREA(
        "v1beta-future-422", "v1beta: a frame that has not come yet is 422, as in v1", on(chat("v1beta"), 409, to=422)
    ),
    AREA(
        "v1-future-409",
        "v1: a frame that has not come yet is 409, as in v1beta",
        on(chat("v1"), 422, to=409, when=lambda _, response: "produced" in str(response.body)),
    ),
    AREA(
        "future-clamped",
        "v1 and v1beta: an index that has not come yet means the newest frame",
        engine=frames(_index(_clamped)),
    ),
    AREA(
        "negative-index-off-by-one",
        "v1 and v1beta: index -1 means the last frame but one",
        engine=frames(_index(lambda index, _: index - 1 if index < 0 else index)),
    ),
    AREA(
        "index-from-oldest",
        "v1 and v1beta: indices count from the oldest frame retained",
        engine=frames(_index(_from_oldest)),
    ),
    AREA(
        "index-from-one",
        "v1 and v1beta: indices count from one",
        engine=frames(_index(lambda index, _: max(0, index - 1) if index >= 0 else index)),
    ),
    AREA(
        "offset-always-forward",
        "v1 and v1beta: a negative offset counts from the oldest frame too",
        engine=frames(_offset_forward),
    ),
    AREA(
        "offset-zero-is-now", "v1 and v1beta: an offset of zero is the newest frame", engine=frames(_offset_zero_is_now)
    ),
    AREA("timestamps-in-seconds", "v1 and v1beta: timestamp_ms are seconds", engine=frames(_seconds)),
    AREA(
        "timestamps-since-creation",
        "v1 and v1beta: timestamps count from the stream's creation",
        engine=frames(_since_creation),
    ),
    AREA(
        "tolerance-ignored",
        "v1 and v1beta: the nearest frame is found however far it is",
        engine=frames(_tolerant(ANY_DISTANCE)),
    ),
    AREA(
        "tolerance-always-default",
        "v1 and v1beta: tolerance_ms is not looked at",
        engine=frames(_tolerant(SECOND // 10)),
    ),
    AREA(
        "direction-ignored",
        "v1 and v1beta: direction is always nearest",
        engine=frames(lambda reference, _: replace(reference, direction=Direction.NEAREST)),
    ),
    AREA(
        "duplicate-parameters-accepted",
        "v1 and v1beta: of parameters that are given twice the first counts",
        message_filter=urls(_first_of_each),
    ),
    AREA(
        "unknown-parameters-accepted",
        "v1 and v1beta: unknown parameters are passed over",
        message_filter=urls(_only_known),
    ),
    AREA("two-anchors-accepted", "v1 and v1beta: of two anchors the first counts", message_filter=urls(_first_anchor)),
    AREA(
        "missing-anchor-accepted",
        "v1 and v1beta: a URL without an anchor means the newest frame",
        message_filter=urls(_newest_by_default),
    ),
    AREA(
        "direction-in-any-case",
        "v1 and v1beta: direction may be written in capitals",
        message_filter=urls(_lenient_direction),
    ),
    AREA(
        "tolerance-of-zero-accepted",
        "v1 and v1beta: a tolerance of zero is accepted",
        message_filter=urls(_positive_tolerance),
    ),
    AREA("fractional-index-accepted", "v1 and v1beta: an index with a fraction is cut", message_filter=urls(_whole)),
    AREA(
        "foreign-frames-accepted",
        "v1 and v1beta: anybody may ask about the frames of a stream",
        engine=edit_command(AskChat, _as_owner),
    ),
    AREA(
        "ended-frames-accepted",
        "v1 and v1beta: the frames of a stream that has ended can be asked about",
        engine=on_command(AskChat, _of_the_ended),
    ),
)
