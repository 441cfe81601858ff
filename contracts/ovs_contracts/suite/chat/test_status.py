"""The status of a stream: ``GET /streams/{id}`` of the chat versions."""

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.video import SIZE, VideoStream, stream_with_evicted_frames, stream_with_video
from ovs_contracts.runner.marks import documented, mock_only, sends_video
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import hold

OF_FRAMES = (
    "first_frame_at_ms",
    "last_frame_at_ms",
    "last_frame_index",
    "first_available_frame_at_ms",
    "first_available_frame_index",
    "recent_fps",
)
FIELDS = {
    *OF_FRAMES,
    "id",
    "state",
    "stream_time_ms",
    "created_at_ms",
    "retained_frame_count",
    "evicted_frame_count",
    "expires_at_ms",
    "ttl_seconds",
    "ended_at_ms",
    "end_reason",
    "audio",
}
OF_SOURCES = {"source", "last_pull"}


@documented("status fields of v1; v1beta adds source and last_pull")
def test_the_fields_of_a_status(chat: ChatClient) -> None:
    """A status has exactly the documented fields."""
    shown = chat.get(chat.stream()).expect(200)
    expected = FIELDS | OF_SOURCES if "sources" in chat.version.features else FIELDS
    hold("fields of a status", expected=expected, seen=set(shown.json), exchange=shown)


@documented("before the first frame every frame field is null")
def test_before_the_first_frame(chat: ChatClient) -> None:
    """Before the first frame all fields about frames are null, counts are zero, and the stream is active."""
    stream_id = chat.stream()
    shown = chat.get(stream_id).expect(200)
    seen = shown.json
    hold("fields of frames", expected=dict.fromkeys(OF_FRAMES), seen={n: seen[n] for n in OF_FRAMES}, exchange=shown)
    counts = (seen["retained_frame_count"], seen["evicted_frame_count"])
    hold("frame counts", expected=(0, 0), seen=counts, exchange=shown)
    rest = [seen[name] for name in ("id", "state", "ttl_seconds", "ended_at_ms", "end_reason", "audio")]
    hold(
        "other fields",
        expected=[stream_id, "active", chat.version.lease_seconds, None, None, False],
        seen=rest,
        exchange=shown,
    )


@documented("stream_time_ms before the first frame: null in v1, 0 in v1beta")
def test_stream_time_before_the_first_frame(chat: ChatClient) -> None:
    """Before the first frame stream_time_ms is null in v1 and 0 in v1beta."""
    shown = chat.get(chat.stream()).expect(200)
    expected = chat.version.stream_time_before_frames
    hold("stream_time_ms", expected=expected, seen=shown.json["stream_time_ms"], exchange=shown)


@documented("status fields: lifetime indices from 0, wall-clock Unix ms, stream_time_ms from 0 at the first frame")
@sends_video(16)
def test_while_video_arrives(chat: ChatClient, frame_source: FrameSource, clock: TargetTime) -> None:
    """Indices count from 0, no frame is evicted, and timestamps are Unix milliseconds in order."""
    stream_id = chat.stream()
    clock.let_pass(10)
    came = frame_source.play(stream_id, 6, fps=4, size=SIZE)
    seen = chat.status(stream_id)
    hold("last_frame_index", expected=seen["retained_frame_count"] - 1, seen=seen["last_frame_index"])
    assert came * 0.5 <= seen["retained_frame_count"] <= came, f"{came} frames were sent"
    hold("evicted, first available", expected=(0, 0), seen=_oldest(seen))
    hold("first available", expected=seen["first_frame_at_ms"], seen=seen["first_available_frame_at_ms"])
    assert seen["created_at_ms"] + 9_500 <= seen["first_frame_at_ms"] < seen["last_frame_at_ms"]
    assert abs(seen["last_frame_at_ms"] / 1000 - clock.now()) < 60
    span = seen["last_frame_at_ms"] - seen["first_frame_at_ms"]
    assert 3_000 <= span <= 8_000, f"{span} ms of video"
    assert span <= seen["stream_time_ms"] <= span + 5_000
    assert 2 <= seen["recent_fps"] <= 6, f"recent_fps {seen['recent_fps']}, of video with 4"


@mock_only("frames come exactly when they should")
@sends_video(6)
def test_exact_figures(chat: ChatClient, frame_source: FrameSource) -> None:
    """24 frames at 4 per second have the indices 0 to 23 and span 5,750 ms."""
    video = stream_with_video(chat, frame_source, 6, fps=4)
    seen = video.status()
    span = seen["last_frame_at_ms"] - seen["first_frame_at_ms"]
    figures = (seen["last_frame_index"], seen["retained_frame_count"], span, seen["recent_fps"])
    hold("figures of 24 frames", expected=(23, 24, 5_750, 4.0), seen=figures)


@documented("a keepalive's stream_time_ms runs from 0 at the first frame")
@sends_video(5)
def test_stream_time_in_a_keepalive(chat: ChatClient, video: VideoStream) -> None:
    """A keepalive returns the same stream_time_ms as a status."""
    before = video.status()["stream_time_ms"]
    renewed = chat.keepalive(video.id).expect(200).json["stream_time_ms"]
    after = video.status()["stream_time_ms"]
    assert before <= renewed <= after, f"{before}, then {renewed}, then {after}"
    assert before >= 2_000, f"{before} ms after 5 s of video"


@documented("buffer: about 600 s of frames; eviction never renumbers")
@sends_video(702)
def test_frames_are_evicted_after_ten_minutes(chat: ChatClient, frame_source: FrameSource) -> None:
    """Frames of the last 600 seconds are retained and keep their indices; older ones are evicted."""
    video = stream_with_evicted_frames(chat, frame_source)
    seen = video.status()
    retained, evicted = seen["retained_frame_count"], seen["evicted_frame_count"]
    hold("frames in all", expected=seen["last_frame_index"] + 1, seen=retained + evicted)
    hold("first_available_frame_index", expected=evicted, seen=seen["first_available_frame_index"])
    window = seen["last_frame_at_ms"] - seen["first_available_frame_at_ms"]
    assert 590_000 <= window <= 601_000, f"{window} ms are retained"
    assert seen["first_frame_at_ms"] < seen["first_available_frame_at_ms"]
    assert seen["stream_time_ms"] >= seen["last_frame_at_ms"] - seen["first_frame_at_ms"]
    assert 40 <= evicted <= 60, f"{evicted} of about 351 frames were evicted"


def _oldest(status: dict[str, int]) -> tuple[int, int]:
    return status["evicted_frame_count"], status["first_available_frame_index"]
