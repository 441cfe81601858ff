"""``ovs://`` URLs: each is a reference, or refused with words."""

from random import Random  # noqa: TID251 - hypothesis hands out a seeded one

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.api.chat.ovs_url import is_ovs_url, parse_frame, parse_segment
from ovs_mock.api.errors import OvsUrlError, QueryParamError, StreamUrlError
from ovs_mock.engine.references import (
    Anchor,
    AtIndex,
    AtOffset,
    AtTime,
    Direction,
    FrameReference,
    SegmentReference,
)

ID = "0b9c2b8e-6d3f-4f0e-9a51-7f8b6a1c2d3e"

milliseconds = st.integers(-(10**12), 10**12)
anchors: st.SearchStrategy[Anchor] = st.one_of(
    st.integers(-(10**12), 10**12).map(AtIndex),
    milliseconds.map(lambda ms: AtTime(ms * 1_000)),
    milliseconds.map(lambda ms: AtOffset(ms * 1_000)),
)
frames = st.builds(
    FrameReference, anchors, st.integers(1, 10**9).map(lambda ms: ms * 1_000), st.sampled_from(Direction)
)
segments = st.builds(
    SegmentReference, anchors, st.none() | anchors, st.floats(0.001, 1_000).map(lambda fps: round(fps, 3))
)


def anchor(given: Anchor, prefix: str = "") -> str:
    match given:
        case AtIndex(index):
            return f"{prefix}frame_index={index}"
        case AtTime(time):
            return f"{prefix}timestamp_ms={time // 1_000}"
        case AtOffset(offset):
            return f"{prefix}offset_ms={offset // 1_000}"


def url(*parameters: str) -> str:
    return f"ovs://streams/{ID}?{'&'.join(parameters)}"


@given(frames, st.randoms())
def test_a_frame_is_read_as_it_was_written(reference: FrameReference, order: Random) -> None:
    parameters = [
        anchor(reference.anchor),
        f"tolerance_ms={reference.tolerance // 1_000}",
        f"direction={reference.direction.name.lower()}",
    ]
    order.shuffle(parameters)
    assert parse_frame(url(*parameters)) == (ID, reference)


@given(segments, st.randoms())
def test_a_segment_is_read_as_it_was_written(reference: SegmentReference, order: Random) -> None:
    parameters = [anchor(reference.start, "start_"), f"max_fps={reference.max_fps}"]
    if reference.end is not None:
        parameters.append(anchor(reference.end, "end_"))
    order.shuffle(parameters)
    assert parse_segment(url(*parameters)) == (ID, reference)


def test_what_is_not_given_has_a_default() -> None:
    assert parse_frame(url("frame_index=-1")) == (ID, FrameReference(AtIndex(-1), 100_000, Direction.NEAREST))
    assert parse_segment(url("start_offset_ms=0")) == (ID, SegmentReference(AtOffset(0), None, 1.0))


def test_ids_are_read_in_any_case_and_values_unquoted() -> None:
    assert parse_frame(f"ovs://streams/{ID.upper()}?frame%5Findex=%2D1") == parse_frame(url("frame_index=-1"))


names = st.sampled_from(
    [
        *(prefix + name for prefix in ("", "start_", "end_") for name in ("frame_index", "timestamp_ms", "offset_ms")),
        *("tolerance_ms", "direction", "max_fps", "other"),
    ]
)
values = st.text(max_size=6) | st.integers().map(str) | st.floats().map(str) | st.sampled_from(["nearest", "forward"])
queries = st.lists(st.tuples(names, values), max_size=4).map(lambda items: "&".join(f"{k}={v}" for k, v in items))


@given(st.text() | queries.map(lambda query: f"ovs://streams/{ID}?{query}"))
def test_any_text_is_a_reference_or_an_error_with_a_message(text: str) -> None:
    for parse in (parse_frame, parse_segment):
        try:
            stream_id, _ = parse(text)
            assert stream_id == ID
        except OvsUrlError as error:
            assert error.message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ovs://",
        f"ovs://streams/{ID}",
        f"ovs://streams/{ID}#frame_index=1",
        f"ovs://stream/{ID}?frame_index=1",
        f"OVS://streams/{ID}?frame_index=1",
        f"ovs://streams/{ID}/?frame_index=1",
        f"ovs://streams/{ID}?frame_index=1#x",
        "ovs://streams/?frame_index=1",
        "ovs://streams/abc?frame_index=1",
        f"ovs://streams/{{{ID}}}?frame_index=1",
    ],
)
def test_other_urls_do_not_name_a_stream(text: str) -> None:
    with pytest.raises(StreamUrlError):
        parse_frame(text)
    with pytest.raises(StreamUrlError):
        parse_segment(text)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Give one of frame_index, timestamp_ms, offset_ms."),
        ("frame_index=1&frame_index=1", "'frame_index' is given twice"),
        ("frame_index=1&timestamp_ms=1", "only one of frame_index and timestamp_ms"),
        ("frame_index=1&colour=red", "Unknown query parameter 'colour'"),
        ("frame_index=1&max_fps=1", "Unknown query parameter 'max_fps'"),
        ("frame_index", "has no value"),
        ("frame_index=", "must be a whole number"),
        ("frame_index=1.0", "must be a whole number"),
        ("frame_index=+1", "must be a whole number"),
        ("frame_index=١", "must be a whole number"),  # noqa: RUF001 - a digit of another script
        ("frame_index=1&&", "has no value"),
        (f"frame_index={'9' * 5_000}", "must be a whole number"),
        ("offset_ms=0&tolerance_ms=0", "more than zero"),
        ("offset_ms=0&tolerance_ms=-1", "more than zero"),
        ("offset_ms=0&direction=up", "nearest, forward or backward"),
        ("offset_ms=0&direction=NEAREST", "nearest, forward or backward"),
    ],
)
def test_queries_that_name_no_frame(query: str, said: str) -> None:
    with pytest.raises(QueryParamError) as refused:
        parse_frame(url(query))
    assert said in refused.value.message


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("end_offset_ms=0", "Give one of start_frame_index"),
        ("start_offset_ms=0&start_frame_index=0", "only one of start_frame_index and start_offset_ms"),
        ("start_offset_ms=0&end_offset_ms=0&end_frame_index=0", "only one of end_frame_index and end_offset_ms"),
        ("start_offset_ms=0&frame_index=0", "Unknown query parameter 'frame_index'"),
        ("start_offset_ms=0&tolerance_ms=1", "Unknown query parameter 'tolerance_ms'"),
        *(
            (f"start_offset_ms=0&max_fps={fps}", "a number above zero")
            for fps in ("0", "-1", "nan", "inf", "1e999", "")
        ),
    ],
)
def test_queries_that_name_no_segment(query: str, said: str) -> None:
    with pytest.raises(QueryParamError) as refused:
        parse_segment(url(query))
    assert said in refused.value.message


def test_its_scheme_tells_an_ovs_url() -> None:
    assert is_ovs_url("OVS://anything")
    assert not is_ovs_url("https://ovs://")
