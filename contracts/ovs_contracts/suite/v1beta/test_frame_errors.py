"""References to missing frames in v1beta: each case has its own status, type and code."""

from ovs_contracts.client import errors
from ovs_contracts.client.chat import MODEL, ChatClient, frame_of, segment_of
from ovs_contracts.client.video import VideoStream, stream_with_evicted_frames, stream_with_video
from ovs_contracts.runner.marks import costs, documented, sends_video
from ovs_contracts.targets.target import FrameSource

IMAGE_ONLY = "claude-haiku-4-5-20251001"


@documented("409 frame_not_yet_produced, stream_error")
@sends_video(5)
def test_frames_not_yet_produced(v1beta: ChatClient, frame_source: FrameSource) -> None:
    """An index after the newest frame is 409 frame_not_yet_produced, also in a stream without frames."""
    empty = VideoStream(v1beta, v1beta.stream())
    errors.typed(empty.frame("frame_index=0"), 409, "stream_error", "frame_not_yet_produced")
    v1beta.delete(empty.id).expect(200)
    video = stream_with_video(v1beta, frame_source)
    newest = video.status()["last_frame_index"]
    errors.typed(video.frame(f"frame_index={newest + 1}"), 409, "stream_error", "frame_not_yet_produced")


@documented("410 frame_evicted; 404 segment_empty; stream_error")
@sends_video(702)
@costs(0.05)
def test_frames_that_were_evicted(v1beta: ChatClient, frame_source: FrameSource) -> None:
    """An evicted index is 410 frame_evicted, and a fully evicted segment 404 segment_empty."""
    video = stream_with_evicted_frames(v1beta, frame_source)
    oldest = video.status()["first_available_frame_index"]
    errors.typed(video.frame(f"frame_index={oldest - 5}"), 410, "stream_error", "frame_evicted")
    gone = f"start_frame_index=0&end_frame_index={oldest - 5}"
    errors.typed(video.segment(gone), 404, "stream_error", "segment_empty")
    by_time = f"start_timestamp_ms=0&end_timestamp_ms={(oldest - 5) * 2000}"
    errors.typed(video.segment(by_time), 404, "stream_error", "segment_empty")


@documented("after the end: 404 stream_not_found")
@sends_video(5)
def test_frames_of_a_stream_that_ended(v1beta: ChatClient, frame_source: FrameSource) -> None:
    """A frame of an ended stream is 404 stream_not_found."""
    video = stream_with_video(v1beta, frame_source)
    v1beta.delete(video.id).expect(200)
    errors.typed(video.frame("frame_index=-1"), 404, "stream_error", "stream_not_found")


@documented("400 model_video_unsupported: video for an image-only model, validation_error")
@sends_video(5)
@costs(0.2)
def test_video_for_a_model_that_takes_images_only(v1beta: ChatClient, frame_source: FrameSource) -> None:
    """An image-only model rejects a segment with 400 model_video_unsupported and accepts a frame."""
    video = stream_with_video(v1beta, frame_source)
    refused = v1beta.ask(segment_of(video.id), model=IMAGE_ONLY)
    errors.typed(refused, 400, "validation_error", "model_video_unsupported")
    v1beta.ask(frame_of(video.id), model=IMAGE_ONLY).expect(200)
    v1beta.ask(segment_of(video.id), model=MODEL).expect(200)
