"""Real video, published with LiveKit's own client."""

from ovs_contracts.client.livekit.frame_source import wait_for_video
from ovs_contracts.client.livekit.publisher import RoomJoinError, RoomParticipant, RoomPublisher
from ovs_contracts.client.livekit.token import claims
from ovs_contracts.runner.marks import documented, mock_only, needs, passes_time
from ovs_contracts.suite.livekit.rooms import LiveKitRoom
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.exchange import hold

FPS = 10.0
SIZE = (640, 360)
# From here on the client sends several sizes at a time, of which the largest is the video.
LARGE = (1280, 720)


@documented("v0.2 state: pending without a frame, then active; info has fps and frame size")
@needs(Capability.PUBLISH)
@passes_time(4)
def test_published_video_shows_in_info(results_room: LiveKitRoom) -> None:
    """A native stream is pending until video is published, then active, and info has the video's size and rate."""
    before = results_room.status()
    figures = [before[name] for name in ("state", "source_type", "fps", "frame_width", "frame_height")]
    hold("info without video", expected=["pending", "native", 0, 0, 0], seen=figures)
    with RoomPublisher(results_room.url, results_room.token, size=SIZE, fps=FPS) as publisher:
        wait_for_video(results_room.has_video)
        publisher.play(2)
        shown = results_room.status()
    hold("state", expected="active", seen=shown["state"])
    hold("frame size", expected=SIZE, seen=(shown["frame_width"], shown["frame_height"]))
    hold("effective size", expected=SIZE, seen=(shown["effective_width"], shown["effective_height"]))
    assert FPS * 0.3 <= shown["fps"] <= FPS * 1.5, f"fps {shown['fps']} of a video with {FPS:g}"


@documented("v1 status: last_frame_at_ms null until the first frame; frames are counted from 0")
@needs(Capability.PUBLISH)
@passes_time(4)
def test_published_video_shows_in_the_status(chat_room: LiveKitRoom, clock: TargetTime) -> None:
    """Published frames set last_frame_at_ms to now and increase last_frame_index."""
    with RoomPublisher(chat_room.url, chat_room.token, size=SIZE, fps=FPS) as publisher:
        wait_for_video(chat_room.has_video)
        first = chat_room.status()
        publisher.play(2)
        later = chat_room.status()
        sent = publisher.sent
    came = later["last_frame_index"] - first["last_frame_index"]
    assert 5 <= came <= sent, f"{came} of {sent} frames came while two seconds were published at {FPS:g} a second"
    assert later["last_frame_at_ms"] > first["last_frame_at_ms"]
    assert abs(later["last_frame_at_ms"] / 1000 - clock.now()) < 10, "the last frame is of now"
    hold("first_frame_at_ms", expected=first["first_frame_at_ms"], seen=later["first_frame_at_ms"])
    assert FPS * 0.3 <= later["recent_fps"] <= FPS * 1.5, f"recent_fps {later['recent_fps']}"


@documented("from about 480p the client publishes simulcast; the video is its largest layer")
@needs(Capability.PUBLISH)
@passes_time(6)
def test_simulcast_video_arrives_in_full_size(results_room: LiveKitRoom) -> None:
    """Video of 1280x720, which the client sends in several sizes, arrives in full size."""
    with RoomPublisher(results_room.url, results_room.token, size=LARGE, fps=FPS):
        wait_for_video(lambda: _size(results_room) == LARGE, "1280x720 arrives in full size")


@documented("migration: rejoin with the fresh token of a keepalive; the stream stays active and its frames go on")
@needs(Capability.PUBLISH)
@passes_time(6)
def test_a_publisher_returns_with_a_fresh_token(chat_room: LiveKitRoom) -> None:
    """A publisher that rejoins with a fresh token continues the stream: indices go on."""
    with RoomPublisher(chat_room.url, chat_room.token, size=SIZE, fps=FPS):
        wait_for_video(chat_room.has_video)
    gone = chat_room.status()
    hold("state without a publisher", expected="active", seen=gone["state"])
    with RoomPublisher(chat_room.url, chat_room.renewed_token(), size=SIZE, fps=FPS):
        wait_for_video(lambda: chat_room.status()["last_frame_index"] > gone["last_frame_index"], "video goes on")
        again = chat_room.status()
    hold("state with a publisher", expected="active", seen=again["state"])
    kept = ("first_frame_at_ms", "first_available_frame_index", "evicted_frame_count")
    hold("what was before", expected=[gone[n] for n in kept], seen=[again[n] for n in kept])


@documented("v0.2: native transport survives a publisher's reconnect")
@needs(Capability.PUBLISH)
@passes_time(8)
def test_a_native_stream_survives_a_reconnect(results_room: LiveKitRoom) -> None:
    """A native stream whose publisher reconnects soon is active again."""
    for token in (results_room.token, results_room.renewed_token()):
        with RoomPublisher(results_room.url, token, size=SIZE, fps=FPS):
            wait_for_video(results_room.has_video)
        wait_for_video(lambda: results_room.status()["state"] == "idle", "a stream without frames is idle")


@mock_only("how long a publisher may be away is an open question")
@needs(Capability.PUBLISH)
@passes_time(20)
def test_a_publisher_that_stays_away_ends_the_stream(results_room: LiveKitRoom, clock: TargetTime) -> None:
    """A native stream ends when its publisher has been away for 15 seconds; keepalives are then 404."""
    with RoomPublisher(results_room.url, results_room.token, size=SIZE, fps=FPS):
        wait_for_video(results_room.has_video)
    wait_for_video(lambda: results_room.status()["state"] == "idle", "a stream without a publisher is idle")
    clock.let_pass(13)
    results_room.renewed_token()
    clock.let_pass(3)
    results_room.keepalive().expect(404)


@documented("LiveKit: who may not publish is refused, or not heard")
@needs(Capability.PUBLISH)
@passes_time(6)
def test_a_spectator_sends_no_video(results_room: LiveKitRoom) -> None:
    """Video of a spectator does not reach the stream."""
    _publish_in_vain(results_room)
    hold("state", expected="pending", seen=results_room.status()["state"])


@documented("viewer-token: subscribe-only")
@needs(Capability.PUBLISH)
@passes_time(6)
def test_a_viewer_sends_no_video(v1beta_room: LiveKitRoom) -> None:
    """Video of a viewer does not reach the stream."""
    _publish_in_vain(v1beta_room)
    hold("last_frame_at_ms", expected=None, seen=v1beta_room.status()["last_frame_at_ms"])


@documented("viewers watch beside the publisher")
@needs(Capability.PUBLISH)
@passes_time(6)
def test_a_viewer_does_not_disturb(v1beta_room: LiveKitRoom) -> None:
    """A viewer that joins and leaves does not interrupt the publisher."""
    with RoomPublisher(v1beta_room.url, v1beta_room.token, size=SIZE, fps=FPS) as publisher:
        wait_for_video(v1beta_room.has_video)
        with RoomParticipant(v1beta_room.url, v1beta_room.spectator_token()) as viewer:
            hold("the viewer is in", expected=False, seen=viewer.disconnected.wait(1))
        last = v1beta_room.status()["last_frame_index"]
        wait_for_video(lambda: v1beta_room.status()["last_frame_index"] > last, "video goes on")
        hold("the publisher was sent away", expected=None, seen=publisher.disconnect_reason)


@documented("LiveKit: a second participant of an identity takes the place of the first")
@needs(Capability.PUBLISH)
@passes_time(6)
def test_a_second_publisher_takes_over(chat_room: LiveKitRoom) -> None:
    """A second publisher with a fresh token replaces the first, and video goes on."""
    with RoomPublisher(chat_room.url, chat_room.token, size=SIZE, fps=FPS) as first:
        wait_for_video(chat_room.has_video)
        token = chat_room.renewed_token()
        hold("the same holder", expected=claims(chat_room.token)["sub"], seen=claims(token)["sub"])
        with RoomPublisher(chat_room.url, token, size=SIZE, fps=FPS):
            hold("the first one left", expected=True, seen=first.disconnected.wait(10))
            hold("because", expected="DUPLICATE_IDENTITY", seen=first.disconnect_reason)
            last = chat_room.status()["last_frame_index"]
            wait_for_video(lambda: chat_room.status()["last_frame_index"] > last, "video goes on")
            hold("state", expected="active", seen=chat_room.status()["state"])


@documented("when a stream ends its media are over")
@needs(Capability.PUBLISH)
@passes_time(4)
def test_the_end_of_the_stream_disconnects_the_publisher(room: LiveKitRoom) -> None:
    """When a stream ends its publisher is disconnected."""
    with RoomPublisher(room.url, room.token, size=SIZE, fps=FPS) as publisher:
        wait_for_video(room.has_video)
        room.end()
        hold("the publisher is out", expected=True, seen=publisher.disconnected.wait(10))


def _size(room: LiveKitRoom) -> tuple[int, int]:
    shown = room.status()
    return shown["frame_width"], shown["frame_height"]


def _publish_in_vain(room: LiveKitRoom) -> None:
    """Try to publish with a token that only watches, for two seconds. No answer is a refusal, too."""
    try:
        with RoomPublisher(room.url, room.spectator_token(), size=SIZE, fps=FPS, timeout=3) as publisher:
            publisher.play(2)
    except RoomJoinError:
        return
