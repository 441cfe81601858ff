"""The syntax of ``ovs://`` references."""

import pytest

from ovs_contracts.client import errors
from ovs_contracts.client.chat import ChatClient, frame_of, image, segment_of, text, video
from ovs_contracts.client.video import VideoStream, named_frames, prompt_tokens, stream_with_video
from ovs_contracts.runner.marks import costs, documented, mock_only, sends_video, streams
from ovs_contracts.targets.target import FrameSource
from ovs_contracts.transport.exchange import hold

# 64x64, red.
RED = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQMAAACQp+OdAAAABlBMVEX/AAAAAABBoxID"
    "AAAAD0lEQVR42mNgGAWjgHwAAAJAAAHgTR1EAAAAAElFTkSuQmCC"
)
UNKNOWN = "00000000-0000-4000-8000-000000000000"
WRONG_FRAMES = (
    "",
    "tolerance_ms=100",
    "frame_index=1&timestamp_ms=2",
    "timestamp_ms=1&offset_ms=2",
    "frame_index=1&frame_index=1",
    "timestamp_ms=1&tolerance_ms=5&tolerance_ms=5",
    "frame_index=1&colour=red",
    "Frame_Index=1",
    "frame_index=",
    "frame_index",
    "frame_index=one",
    "frame_index=1.5",
    "timestamp_ms=1e3",
    "offset_ms=--5",
    "timestamp_ms=1&tolerance_ms=0",
    "timestamp_ms=1&tolerance_ms=-1",
    "timestamp_ms=1&tolerance_ms=wide",
    "timestamp_ms=1&direction=up",
    "timestamp_ms=1&direction=Forward",
    "timestamp_ms=1&direction=",
    "start_frame_index=0",
    "frame_index=1&max_fps=1",
)
WRONG_SEGMENTS = (
    "",
    "max_fps=2",
    "end_frame_index=5",
    "start_frame_index=0&start_offset_ms=-5000",
    "start_frame_index=0&end_frame_index=5&end_timestamp_ms=9",
    "start_frame_index=0&start_frame_index=0",
    "start_frame_index=0&end_frame_index=5&end_frame_index=5",
    "start_frame_index=0&max_fps=1&max_fps=1",
    "start_frame_index=0&max_fps=0",
    "start_frame_index=0&max_fps=-1",
    "start_frame_index=0&max_fps=fast",
    "start_frame_index=0&max_fps=nan",
    "start_frame_index=0&colour=red",
    "start_frame_index=zero",
    "start_timestamp_ms=1.5",
    "start_offset_ms=",
    "frame_index=-1",
    "start_offset_ms=-1000&tolerance_ms=5",
    "start_offset_ms=-1000&direction=forward",
)
WRONG_URLS = (
    f"ovs://streams/{UNKNOWN}",
    f"ovs://stream/{UNKNOWN}?frame_index=-1",
    f"ovs://{UNKNOWN}?frame_index=-1",
    f"ovs://streams/{UNKNOWN}/frames?frame_index=-1",
    "ovs://streams/?frame_index=-1",
)


@documented("v1: duplicate keys, two anchors, none, or unknown keys are 422; v1beta: 400 query_param_invalid")
@sends_video(5)
def test_wrong_queries_of_frames(chat: ChatClient, video: VideoStream) -> None:
    """A frame reference with no anchor, two anchors, or unknown, duplicate or malformed parameters is rejected."""
    stream_id = video.id
    for query in WRONG_FRAMES:
        errors.refused(chat.ask(frame_of(stream_id, query)), chat.version, "query_param_invalid")


@documented("v1: duplicate keys, two anchors, none, or unknown keys are 422; v1beta: 400 query_param_invalid")
@sends_video(5)
def test_wrong_queries_of_segments(chat: ChatClient, video: VideoStream) -> None:
    """A segment with no start, two starts, or unknown, duplicate or malformed parameters is rejected."""
    stream_id = video.id
    for query in WRONG_SEGMENTS:
        errors.refused(chat.ask(segment_of(stream_id, query)), chat.version, "query_param_invalid")


@documented("v1beta: ovs:// that does not match ovs://streams/<id>?… is 400 stream_url_invalid; v1: 422")
@pytest.mark.parametrize("url", WRONG_URLS)
def test_wrong_urls(chat: ChatClient, url: str) -> None:
    """An ovs:// URL that does not match ovs://streams/{id} is rejected, for images and for videos."""
    for part in (image, video):
        errors.refused(chat.ask(part(url)), chat.version, "stream_url_invalid")


@documented("references stand in image_url and video_url; a text is a text")
@costs(0.05)
def test_references_in_texts_are_ignored(chat: ChatClient) -> None:
    """An ovs:// URL in a text part is not resolved."""
    chat.ask(text(f"Say: ovs://streams/{UNKNOWN}?frame_index=nonsense")).expect(200)


@documented("v1beta: data: images; v1: other URLs pass through to the model")
@costs(0.1)
def test_images_as_data_urls(chat: ChatClient) -> None:
    """A PNG as a data: URL is accepted as an image and counts as tokens."""
    words = text("Which colour is this?")
    with_picture = prompt_tokens(chat.ask(words, image(RED)))
    without = prompt_tokens(chat.ask(words))
    assert with_picture > without, f"{with_picture} tokens with a picture, {without} without"


@mock_only("a live model fetches it, and needs a picture that stays where it is")
def test_images_at_other_urls(chat: ChatClient) -> None:
    """https: URLs are accepted for images and videos, also as a string instead of an object."""
    address = "https://example.com/cat.png"
    chat.ask(image(address)).expect(200)
    chat.ask(video(address)).expect(200)
    chat.ask({"type": "image_url", "image_url": address}).expect(200)


@documented("several streams may stand in one request")
@sends_video(10)
@streams(2)
@costs(0.3)
def test_several_streams_in_one_request(chat: ChatClient, frame_source: FrameSource) -> None:
    """A message may hold frames and segments of two streams; all their tokens count."""
    one, other = stream_with_video(chat, frame_source), stream_with_video(chat, frame_source)
    words, two = text("Compare."), "start_frame_index=0&end_frame_index=2&max_fps=1000"
    parts = [frame_of(one.id), frame_of(other.id), segment_of(one.id, two), segment_of(other.id, two)]
    none, *some = (prompt_tokens(chat.ask(words, *parts[:count])) for count in range(5))
    added = [more - fewer for fewer, more in zip([none, *some], some, strict=False)]
    assert all(each > 10 for each in added), f"each part adds tokens: {added}"
    chat.delete(other.id).expect(200)
    chat.ask(words, *parts).expect(404)


@mock_only("the mock's model says which frames it was given")
@sends_video(5)
def test_parts_keep_their_order(chat: ChatClient, video: VideoStream) -> None:
    """Frames and segments reach the model in the order of the message."""
    stream_id = video.id
    asked = chat.ask(
        frame_of(stream_id, "frame_index=9"),
        segment_of(stream_id, "start_frame_index=3&end_frame_index=5&max_fps=1000"),
        text("and"),
        frame_of(stream_id, "frame_index=1"),
    )
    hold("frames in their order", expected=[9, 3, 4, 1], seen=named_frames(asked), exchange=asked)
