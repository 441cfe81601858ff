"""Frames in chat completions: which frame an ``ovs://streams/{id}?…`` URL of an ``image_url`` means."""

from ovs_contracts.client import errors
from ovs_contracts.client.chat import ChatClient, frame_of, text
from ovs_contracts.client.video import (
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
    "frame_index=0": 0,
    "frame_index=7": 7,
    "frame_index=-1": 19,
    "frame_index=-3": 17,
    "frame_index=-20": 0,
    "timestamp_ms=0": 0,
    "timestamp_ms=2000": 8,
    "timestamp_ms=2090": 8,
    "timestamp_ms=2160": 9,
    "timestamp_ms=4840": 19,
    "offset_ms=0": 0,
    "offset_ms=1000": 4,
    "offset_ms=-1000": 15,
    "offset_ms=-250": 18,
    "timestamp_ms=2110&tolerance_ms=200": 8,
    "timestamp_ms=2140&tolerance_ms=200": 9,
    "timestamp_ms=2090&direction=nearest": 8,
    "timestamp_ms=2060&tolerance_ms=200&direction=forward": 9,
    "timestamp_ms=2190&tolerance_ms=200&direction=backward": 8,
    "timestamp_ms=2000&direction=forward": 8,
    "timestamp_ms=2000&direction=backward": 8,
    "offset_ms=-1060&tolerance_ms=200&direction=forward": 15,
    "offset_ms=-940&tolerance_ms=200&direction=backward": 15,
    "offset_ms=1060&tolerance_ms=200&direction=forward": 5,
    "frame_index=3&tolerance_ms=1&direction=forward": 3,
    "direction=backward&tolerance_ms=5&frame_index=-2": 18,
}
TOO_FAR = (
    "timestamp_ms=1500",
    "timestamp_ms=1500&tolerance_ms=300",
    "timestamp_ms=1700&direction=forward",
    "timestamp_ms=1300&direction=backward",
    "offset_ms=-1500",
    "offset_ms=1500",
)
NEAR_ENOUGH = (
    "timestamp_ms=1500&tolerance_ms=900",
    "timestamp_ms=1500&tolerance_ms=900&direction=forward",
    "timestamp_ms=1500&tolerance_ms=900&direction=backward",
    "offset_ms=-1500&tolerance_ms=900",
    "offset_ms=1500&tolerance_ms=900",
)


@mock_only("the mock's model says which frames it was given")
@sends_video(15)
def test_which_frame_is_meant(chat: ChatClient, frame_source: FrameSource, clock: TargetTime) -> None:
    """Each index, timestamp and offset leads to the frame that the documents describe."""
    video = stream_with_video(chat, frame_source, later=(clock, 10))
    seen = {query: named_frames(video.frame(query)) for query in MEANT}
    hold("the frame that a query means", expected={query: [index] for query, index in MEANT.items()}, seen=seen)


@documented("image_url: exactly one of frame_index, timestamp_ms, offset_ms")
@sends_video(5)
@costs(0.4)
def test_each_way_to_name_a_frame(chat: ChatClient, video: VideoStream) -> None:
    """An index, a timestamp and an offset each lead to one frame, with the tokens of one frame."""
    newest = prompt_tokens(video.frame("frame_index=-1"))
    assert newest > prompt_tokens(chat.ask(text("a"))) + 10, "a frame has tokens"
    for query in ("frame_index=0", "frame_index=3", "frame_index=-2", "offset_ms=0", "timestamp_ms=0"):
        named = prompt_tokens(video.frame(query))
        assert 0.5 * newest < named < 1.5 * newest, f"{named} tokens of {query}, and {newest} of the newest frame"


@documented("several parts may stand in one request; prompt_tokens counts text plus visual tokens")
@sends_video(5)
@costs(0.3)
def test_tokens_of_frames_add_up(chat: ChatClient, video: VideoStream) -> None:
    """Two and three frames have two and three times the visual tokens of one."""
    words = text("What is there?")
    parts = [frame_of(video.id, f"frame_index={index}") for index in (0, 3, 6)]
    none, one, two, three = (prompt_tokens(chat.ask(words, *parts[:count])) for count in range(4))
    frame = one - none
    assert frame > 0
    assert abs(two - none - 2 * frame) <= 0.15 * frame, f"{frame} tokens for one frame, {two - none} for two"
    assert abs(three - none - 3 * frame) <= 0.15 * frame, f"{frame} tokens for one frame, {three - none} for three"


@documented("an index newer than the newest: 422 in v1, 409 frame_not_yet_produced in v1beta")
@sends_video(5)
@costs(0.1)
def test_the_newest_index_is_the_last_that_can_be_named(chat: ChatClient, video: VideoStream) -> None:
    """The index of the newest frame is accepted, higher indices are rejected."""
    newest = video.status()["last_frame_index"]
    video.frame(f"frame_index={newest}").expect(200)
    for beyond in (newest + 1, newest + 1000):
        errors.refused(video.frame(f"frame_index={beyond}"), chat.version, "frame_not_yet_produced")


@documented("tolerance_ms, default 100; direction nearest, forward or backward")
@sends_video(5)
@costs(0.5)
def test_tolerance(chat: ChatClient, frame_source: FrameSource) -> None:
    """A timestamp between two frames is rejected, unless the tolerance reaches one of them."""
    video = stream_with_video(chat, frame_source, fps=1)
    for query in TOO_FAR:
        video.frame(query).expect(400, 404, 409, 410, 422)
    for query in NEAR_ENOUGH:
        video.frame(query).expect(200)


@documented("timestamp_ms=0 with the default tolerance finds the first frame")
@sends_video(12)
@costs(0.1)
def test_timestamps_near_the_first_frame(chat: ChatClient, frame_source: FrameSource, clock: TargetTime) -> None:
    """timestamp_ms 0 and 90 lead to the first frame with the default tolerance, however late it came."""
    video = stream_with_video(chat, frame_source, fps=1, later=(clock, 7.5))
    video.frame("timestamp_ms=0").expect(200)
    video.frame("timestamp_ms=90").expect(200)
    # Seconds after the last frame, though the stream is older than that.
    errors.refused(video.frame("timestamp_ms=10000"), chat.version, "frame_not_yet_produced")


@documented("timestamp_ms: ms since the first frame; beyond the live edge there is nothing yet")
@sends_video(5)
def test_timestamps_after_the_newest_frame(chat: ChatClient, video: VideoStream) -> None:
    """A timestamp long after the newest frame is rejected: 422 in v1, 409 in v1beta."""
    errors.refused(video.frame("timestamp_ms=3600000"), chat.version, "frame_not_yet_produced")


@documented("before the first frame there is nothing to refer to: 422 in v1, 409 frame_not_yet_produced in v1beta")
def test_a_stream_without_frames(chat: ChatClient) -> None:
    """A reference to a stream without frames is rejected."""
    video = VideoStream(chat, chat.stream())
    for query in ("frame_index=0", "frame_index=-1"):
        errors.refused(video.frame(query), chat.version, "frame_not_yet_produced")


@documented("eviction never renumbers; an index older than the buffer: the oldest frame in v1, 410 in v1beta")
@sends_video(702)
@costs(0.2)
def test_evicted_indices(chat: ChatClient, frame_source: FrameSource) -> None:
    """An evicted index means the oldest frame in v1 and is 410 in v1beta; retained indices are accepted."""
    video = stream_with_evicted_frames(chat, frame_source)
    oldest = video.status()["first_available_frame_index"]
    for index in (0, oldest - 10):
        answer = video.frame(f"frame_index={index}")
        if chat.version.clamps_evicted_indices:
            answer.expect(200)
        else:
            errors.refused(answer, chat.version, "frame_evicted")
    video.frame(f"frame_index={oldest + 5}").expect(200)
    video.frame("frame_index=-1").expect(200)


@mock_only("the mock's model says which frames it was given")
@sends_video(702)
def test_which_frames_are_meant_after_eviction(chat: ChatClient, frame_source: FrameSource) -> None:
    """Eviction does not renumber frames; offsets count from the oldest retained frame."""
    video = stream_with_evicted_frames(chat, frame_source)
    # A frame may leave the buffer while the check runs.
    oldest = video.status()["first_available_frame_index"] + 10
    hold("an index", expected=[oldest], seen=named_frames(video.frame(f"frame_index={oldest}")))
    at = f"timestamp_ms={oldest * 2000}"
    hold("the moment of that index", expected=[oldest], seen=named_frames(video.frame(at)))
    hold("the newest", expected=[350], seen=named_frames(video.frame("frame_index=-1")))
    before = video.status()["first_available_frame_index"]
    (after_oldest,) = named_frames(video.frame("offset_ms=4000"))
    after = video.status()["first_available_frame_index"]
    assert before + 2 <= after_oldest <= after + 2, f"#{after_oldest} is 4 s after the oldest, #{before}"
    if chat.version.clamps_evicted_indices:
        clamped = named_frames(video.frame("frame_index=3"))
        assert after <= clamped[0] <= after + 2, f"frame_index=3 is #{clamped[0]}"
