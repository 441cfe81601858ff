"""Segments in chat completions: which frames an ``ovs://streams/{id}?…`` URL of a ``video_url`` means."""

from ovs_contracts.client import errors
from ovs_contracts.client.chat import ChatClient, segment_of, text
from ovs_contracts.client.video import (
    ALL_FRAMES,
    VideoStream,
    named_frames,
    prompt_tokens,
    stream_with_evicted_frames,
    stream_with_video,
)
from ovs_contracts.runner.marks import costs, documented, mock_only, sends_video
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import hold

# Of twenty frames, 250 ms apart.
MEANT = {
    f"start_frame_index=4&end_frame_index=8&{ALL_FRAMES}": [4, 5, 6, 7],
    f"start_frame_index=4&end_frame_index=5&{ALL_FRAMES}": [4],
    f"start_timestamp_ms=1000&end_timestamp_ms=2000&{ALL_FRAMES}": [4, 5, 6, 7],
    f"start_timestamp_ms=1001&end_timestamp_ms=2001&{ALL_FRAMES}": [5, 6, 7, 8],
    f"start_offset_ms=-1000&{ALL_FRAMES}": [15, 16, 17, 18, 19],
    f"start_offset_ms=-2000&end_offset_ms=-1000&{ALL_FRAMES}": [11, 12, 13, 14],
    f"start_offset_ms=1000&end_offset_ms=2000&{ALL_FRAMES}": [4, 5, 6, 7],
    f"start_offset_ms=1000&end_frame_index=6&{ALL_FRAMES}": [4, 5],
    f"start_frame_index=-4&{ALL_FRAMES}": [16, 17, 18, 19],
    f"start_frame_index=2&end_timestamp_ms=1000&{ALL_FRAMES}": [2, 3],
    f"start_frame_index=16&end_offset_ms=-250&{ALL_FRAMES}": [16, 17],
    f"start_timestamp_ms=1000&end_frame_index=6&{ALL_FRAMES}": [4, 5],
    f"start_timestamp_ms=4000&end_offset_ms=-250&{ALL_FRAMES}": [16, 17],
    f"start_offset_ms=-1000&end_timestamp_ms=4250&{ALL_FRAMES}": [15, 16],
    f"start_timestamp_ms=4000&{ALL_FRAMES}": [16, 17, 18, 19],
    f"start_timestamp_ms=4000&end_timestamp_ms=900000&{ALL_FRAMES}": [16, 17, 18, 19],
    "start_frame_index=0": [0, 4, 8, 12, 16],
    "start_frame_index=0&max_fps=1": [0, 4, 8, 12, 16],
    "start_frame_index=0&end_frame_index=9&max_fps=2": [0, 2, 4, 6, 8],
    "start_frame_index=0&max_fps=0.5": [0, 8, 16],
    "start_frame_index=2&max_fps=0.25": [2, 18],
    "start_offset_ms=-5000": [0, 4, 8, 12, 16],
    "start_offset_ms=-2000&max_fps=2.0": [11, 13, 15, 17, 19],
}
OF_SEVERAL = (
    "start_frame_index=2",
    "start_timestamp_ms=500",
    "start_offset_ms=-2000",
    "start_offset_ms=500",
    "start_frame_index=2&end_timestamp_ms=3000",
    "start_timestamp_ms=500&end_offset_ms=-500",
    "start_offset_ms=-3000&end_frame_index=-1",
    "start_offset_ms=500&end_timestamp_ms=2500",
)
BACKWARDS = (
    "start_frame_index=5&end_frame_index=5",
    "start_frame_index=6&end_frame_index=5",
    "start_timestamp_ms=2000&end_timestamp_ms=2000",
    "start_timestamp_ms=2000&end_timestamp_ms=1000",
    "start_offset_ms=-1000&end_offset_ms=-2000",
    "start_offset_ms=2000&end_offset_ms=1000",
)


@mock_only("the mock's model says which frames it was given")
@sends_video(15)
def test_which_frames_are_meant(chat: ChatClient, frame_source: FrameSource, clock: TargetTime) -> None:
    """A segment starts at its start, ends before its end, and is thinned to max_fps, 1 by default."""
    video = stream_with_video(chat, frame_source, later=(clock, 10))
    seen = {query: named_frames(video.segment(query)) for query in MEANT}
    hold("the frames that a query means", expected=MEANT, seen=seen)


@documented("video_url: end is exclusive")
@sends_video(5)
@costs(0.3)
def test_the_end_of_a_segment_is_exclusive(chat: ChatClient, video: VideoStream) -> None:
    """A segment from index 2 to index 10 has eight frames."""
    asked = video.segment(f"start_frame_index=2&end_frame_index=10&{ALL_FRAMES}")
    hold("frames from 2 to before 10", expected=8, seen=video.frames_given(asked), exchange=asked)


@documented("video_url: start and end kinds may differ; the end is the live edge unless one is given")
@sends_video(5)
@costs(0.5)
def test_each_way_to_name_a_segment(chat: ChatClient, video: VideoStream) -> None:
    """Each kind of start may be combined with each kind of end."""
    one = prompt_tokens(video.frame("frame_index=-1"))
    for query in OF_SEVERAL:
        several = prompt_tokens(video.segment(f"{query}&{ALL_FRAMES}"))
        assert several > 1.5 * one, f"{several} tokens of {query}, and {one} for a single frame"


@documented("max_fps thins a segment; the default is 1.0")
@sends_video(9)
@costs(0.5)
def test_thinning(chat: ChatClient, frame_source: FrameSource) -> None:
    """Of eight seconds, max_fps=1 (the default) gives eight frames, 2 gives sixteen, and 0.5 gives four."""
    video, stretch = stream_with_video(chat, frame_source, 9), "start_timestamp_ms=0&end_timestamp_ms=8000"
    seen = {fps: video.frames_given(video.segment(stretch + fps)) for fps in ("", "&max_fps=1", "&max_fps=2.0")}
    hold("frames by default", expected=seen["&max_fps=1"], seen=seen[""])
    assert abs(seen["&max_fps=1"] - 8) <= 1, seen
    assert abs(seen["&max_fps=2.0"] - 16) <= 2, seen
    assert abs(video.frames_given(video.segment(f"{stretch}&max_fps=0.5")) - 4) <= 1


@documented("start_offset_ms=-5000 is the last 5 s")
@sends_video(8)
@costs(0.3)
def test_the_last_seconds(chat: ChatClient, frame_source: FrameSource) -> None:
    """start_offset_ms=-5000 gives the frames of the last five seconds only."""
    video = stream_with_video(chat, frame_source, 8)
    asked = video.segment(f"start_offset_ms=-5000&{ALL_FRAMES}")
    assert 18 <= video.frames_given(asked) <= 23, "about 20 frames, at 4 a second"


@documented("end_timestamp_ms a little past the live edge is normal")
@sends_video(5)
@costs(0.3)
def test_an_end_after_the_newest_frame(chat: ChatClient, video: VideoStream) -> None:
    """A segment that ends after the newest frame has the frames that exist."""
    whole = video.segment(f"start_frame_index=2&{ALL_FRAMES}")
    past = video.segment(f"start_frame_index=2&end_timestamp_ms=60000&{ALL_FRAMES}")
    hold("tokens", expected=prompt_tokens(whole), seen=prompt_tokens(past), exchange=past)


@documented(
    "segment: end at or before start is segment_invalid in v1beta; v1 answers references that are wrong with 422"
)
@sends_video(5)
def test_segments_that_end_before_their_start(chat: ChatClient, video: VideoStream) -> None:
    """A segment whose end is not after its start is rejected."""
    for query in BACKWARDS:
        errors.refused(video.segment(query), chat.version, "segment_invalid")


@documented("a segment is intersected with what is retained, the last 600 s; nothing left: segment_empty in v1beta")
@sends_video(702)
@costs(0.3)
def test_segments_and_eviction(chat: ChatClient, frame_source: FrameSource) -> None:
    """A partly evicted segment has its retained frames; a fully evicted one is rejected."""
    video = stream_with_evicted_frames(chat, frame_source)
    # Some frames may leave the buffer while the check runs.
    oldest = video.status()["first_available_frame_index"]
    partly = prompt_tokens(video.segment(f"start_frame_index=0&end_frame_index={oldest + 20}&{ALL_FRAMES}"))
    twenty = prompt_tokens(video.segment(f"start_frame_index=100&end_frame_index=120&{ALL_FRAMES}"))
    assert 0.8 * twenty <= partly <= 1.02 * twenty, f"{partly} tokens of what is left of it, {twenty} of 20 frames"
    by_time = prompt_tokens(video.segment(f"start_timestamp_ms=0&end_timestamp_ms={(oldest + 20) * 2000}&{ALL_FRAMES}"))
    assert 0.8 * twenty <= by_time <= 1.1 * twenty, f"{by_time} tokens of what is left of it, {twenty} of 20 frames"
    gone = f"start_frame_index=0&end_frame_index={oldest - 10}"
    errors.refused(video.segment(gone), chat.version, "segment_empty")


@documented("segment of a stream without frames: nothing is retained")
def test_a_segment_of_a_stream_without_frames(chat: ChatClient) -> None:
    """A segment of a stream without frames is rejected."""
    VideoStream(chat, chat.stream()).segment("start_offset_ms=-5000").expect(404, 409, 422)


@documented("several parts and several segments may stand in one request")
@sends_video(5)
@costs(0.3)
def test_segments_add_up(chat: ChatClient, video: VideoStream) -> None:
    """Two segments in one message have the tokens of both, also when they overlap."""
    words = text("What happens?")
    six, ten = (
        segment_of(video.id, f"start_frame_index={a}&end_frame_index={b}&{ALL_FRAMES}") for a, b in ((0, 6), (4, 14))
    )
    alone = [prompt_tokens(chat.ask(words, *parts)) for parts in ((), (six,), (ten,), (six, ten))]
    together = alone[1] + alone[2] - alone[0]
    assert abs(alone[3] - together) <= 0.05 * together, f"{alone[3]} tokens, and {together} one by one"
