"""Deleted and ended streams of chat versions."""

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.video import VideoStream
from ovs_contracts.runner.marks import documented, passes_time, sends_video
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.exchange import hold

FINAL = (
    "first_frame_at_ms",
    "last_frame_at_ms",
    "last_frame_index",
    "retained_frame_count",
    "evicted_frame_count",
    "created_at_ms",
)


@documented("DELETE /streams/{id}: 200 {id, deleted: true}, and again for a while")
def test_deleting_twice(chat: ChatClient) -> None:
    """DELETE returns 200 with the id and deleted true, also when it is repeated."""
    stream_id = chat.stream()
    for _ in range(3):
        gone = chat.delete(stream_id).expect(200)
        hold("the answer to DELETE", expected={"id": stream_id, "deleted": True}, seen=gone.json, exchange=gone)


@documented("lease: end_reason deleted; an ended stream is still shown by GET for a while")
def test_a_deleted_stream_is_shown_as_ended(chat: ChatClient) -> None:
    """A deleted stream is still returned as ended, with the reason deleted and the time of its end."""
    stream_id = chat.stream()
    before = chat.status(stream_id)
    hold("end of an active stream", expected=(None, None), seen=(before["end_reason"], before["ended_at_ms"]))
    chat.delete(stream_id).expect(200)
    ended = chat.get(stream_id).expect(200)
    seen = (ended.json["state"], ended.json["end_reason"])
    hold("state and end_reason", expected=("ended", "deleted"), seen=seen, exchange=ended)
    lived = ended.json["ended_at_ms"] - ended.json["created_at_ms"]
    assert 0 <= lived <= 30_000, f"it lived for {lived} ms"


@documented("keepalive: 404 also when already ended; ended is terminal")
def test_a_deleted_stream_cannot_be_renewed(chat: ChatClient) -> None:
    """A keepalive of a deleted stream is 404 and does not revive it."""
    stream_id = chat.stream()
    chat.delete(stream_id).expect(200)
    chat.keepalive(stream_id).expect(404)
    hold("state", expected="ended", seen=chat.status(stream_id)["state"])


@documented("lease: after the end its media can no longer be referenced")
@sends_video(5)
def test_frames_of_an_ended_stream_are_gone(chat: ChatClient, video: VideoStream) -> None:
    """A completion about a frame or a segment of an ended stream is 404."""
    chat.delete(video.id).expect(200)
    video.frame("frame_index=-1").expect(404)
    video.segment("start_offset_ms=-5000").expect(404)


@documented("an ended stream is shown for a short window, then 404")
@passes_time(900)
def test_long_after_its_end_a_stream_is_unknown(chat: ChatClient, clock: TargetTime) -> None:
    """Fifteen minutes after its end a stream is 404."""
    stream_id = chat.stream()
    chat.delete(stream_id).expect(200)
    clock.let_pass(900)
    chat.get(stream_id).expect(404)
    chat.keepalive(stream_id).expect(404)
    chat.delete(stream_id).expect(404)


@documented("counters and timestamps of an ended stream are the final snapshot")
@sends_video(8)
def test_an_ended_stream_keeps_its_last_figures(chat: ChatClient, video: VideoStream, clock: TargetTime) -> None:
    """Counters and timestamps of an ended stream keep the values that they had at its end."""
    before = video.status()
    chat.delete(video.id).expect(200)
    ended = video.status()
    clock.let_pass(3)
    hold("figures at the end", expected={n: before[n] for n in FINAL}, seen={n: ended[n] for n in FINAL})
    hold("all fields, later", expected=ended, seen=video.status())
    assert ended["last_frame_index"] >= 10, "there was video"


@documented("v1beta: expires_at_ms is null once ended")
def test_an_ended_stream_expires_no_more(v1beta: ChatClient) -> None:
    """expires_at_ms is null once a stream has ended."""
    stream_id = v1beta.stream()
    v1beta.delete(stream_id).expect(200)
    hold("expires_at_ms", expected=None, seen=v1beta.status(stream_id)["expires_at_ms"])
