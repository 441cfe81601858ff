"""v1 and v1beta: what their documents leave open."""

from typing import Any

from ovs_contracts.client.chat import ChatClient, frame_of, segment_of
from ovs_contracts.client.probes import Probe
from ovs_contracts.runner.marks import costs, documented, passes_time, probe, sends_video
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import Exchange

SMALL = (320, 192)


def outcome(exchange: Exchange) -> Any:
    """The status, and the code of a typed error."""
    if exchange.status == 200:
        return 200
    detail = exchange.json.get("detail")
    return [exchange.status, detail["error"]["code"]] if isinstance(detail, dict) else exchange.status


def picture_tokens(exchange: Exchange, without: int) -> int:
    return int(exchange.expect(200).json["usage"]["prompt_tokens"]) - without


@probe("11")
@documented("the start of the buffer; one page says now")
@sends_video(6)
@costs(0.2)
def test_segment_from_offset_zero(chat: ChatClient, frame_source: FrameSource, probe: Probe) -> None:
    """Whether start_offset_ms=0 means the whole buffer, as start_frame_index=0 does."""
    stream_id = chat.stream()
    frame_source.play(stream_id, 6, fps=2, size=SMALL)
    by_offset = chat.ask(segment_of(stream_id, "start_offset_ms=0&end_frame_index=4")).expect(200)
    by_index = chat.ask(segment_of(stream_id, "start_frame_index=0&end_frame_index=4")).expect(200)
    alike = by_offset.json["usage"]["prompt_tokens"] == by_index.json["usage"]["prompt_tokens"]
    probe.record(alike, decided=True)


@probe("12")
@documented("the first retained frame; other pages: lifetime index 0")
@sends_video(605)
@costs(0.2)
def test_frame_zero_after_its_eviction(
    v1: ChatClient, v1beta: ChatClient, frame_source: FrameSource, probe: Probe
) -> None:
    """What frame_index=0 means after the first frame was evicted."""
    stream_id = v1.stream()
    for _ in range(3):
        frame_source.play(stream_id, 201.7, fps=0.5, size=SMALL)
        v1.keepalive(stream_id).expect(200)
    seen = {c.version.name: outcome(c.ask(frame_of(stream_id, "frame_index=0"))) for c in (v1, v1beta)}
    probe.record(seen, decided={"v1": 200, "v1beta": [410, "frame_evicted"]})


@probe("14")
@documented("a short window")
@passes_time(61)
def test_how_long_an_ended_stream_is_retained(v1: ChatClient, clock: TargetTime, probe: Probe) -> None:
    """Whether an ended stream is returned for 60 seconds."""
    stream_id = v1.stream()
    v1.delete(stream_id)
    clock.let_pass(58)
    before = v1.get(stream_id).status
    clock.let_pass(3)
    probe.record(
        {"after 58 s": before, "after 61 s": v1.get(stream_id).status}, decided={"after 58 s": 200, "after 61 s": 404}
    )


@probe("17")
@documented("300 s; a generated page says about 45 s")
def test_lease(v1beta: ChatClient, clock: TargetTime, probe: Probe) -> None:
    """How long a lease of v1beta lasts."""
    created = v1beta.create().expect(201).json
    seen = [created["ttl_seconds"], round(created["expires_at_ms"] / 1000 - clock.now(), -1)]
    probe.record(seen, decided=[300, 300])


@probe("19")
@documented("production wants an address that is public")
def test_cameras_on_loopback(v1beta: ChatClient, probe: Probe) -> None:
    """Whether a camera may have a loopback address."""
    camera = {"source": {"type": "rtsp", "url": "rtsp://127.0.0.1:1/none"}}
    probe.record(v1beta.create(body=camera).status, decided=201)


@probe("21")
@documented("one page counts the lease from the last activity")
@sends_video(301)
def test_whether_video_renews_the_lease(v1: ChatClient, frame_source: FrameSource, probe: Probe) -> None:
    """Whether video without keepalives keeps a stream alive."""
    stream_id = v1.stream()
    frame_source.play(stream_id, 301, fps=0.5, size=SMALL)
    probe.record(v1.status(stream_id)["end_reason"], decided="expired")


@probe("22")
@documented("422 in v1, 409 in v1beta")
@sends_video(2)
def test_an_index_after_the_newest_frame(
    v1: ChatClient, v1beta: ChatClient, frame_source: FrameSource, probe: Probe
) -> None:
    """How an index after the newest frame is answered."""
    stream_id = v1.stream()
    frame_source.play(stream_id, 2, fps=2, size=SMALL)
    seen = {c.version.name: outcome(c.ask(frame_of(stream_id, "frame_index=100000"))) for c in (v1, v1beta)}
    probe.record(seen, decided={"v1": 422, "v1beta": [409, "frame_not_yet_produced"]})


@probe("25")
@documented("role, content, tool_calls; a look at production saw function_call too")
@costs(0.1)
def test_fields_of_a_message(chat: ChatClient, probe: Probe) -> None:
    """Which fields a message always has, and whether a completion has overshoot."""
    answer = chat.ask().expect(200).json
    seen = [sorted(answer["choices"][0]["message"]), "overshoot" in answer]
    probe.record(seen, decided=[["content", "function_call", "role", "tool_calls"], True])


@probe("unknown model in a chat")
@documented("nothing is said")
def test_unknown_model(chat: ChatClient, probe: Probe) -> None:
    """How a completion with an unknown model is answered."""
    probe.record(outcome(chat.ask(model="no/such-model")), decided=422)


@probe("moment in a gap")
@documented("nothing is said")
@sends_video(12)
def test_a_timestamp_without_a_frame(
    v1: ChatClient, v1beta: ChatClient, frame_source: FrameSource, clock: TargetTime, probe: Probe
) -> None:
    """How a timestamp without a frame within the tolerance is answered."""
    stream_id = v1.stream()
    frame_source.play(stream_id, 1, fps=2, size=SMALL)
    clock.let_pass(10)
    frame_source.play(stream_id, 1, fps=2, size=SMALL)
    seen = {
        c.version.name: outcome(c.ask(frame_of(stream_id, "timestamp_ms=5000&tolerance_ms=50"))) for c in (v1, v1beta)
    }
    probe.record(seen, decided={"v1": 422, "v1beta": [404, "frame_not_found"]})


@probe("index before the first frame ever")
@documented("nothing is said")
@sends_video(2)
def test_an_index_before_the_first_frame(
    v1: ChatClient, v1beta: ChatClient, frame_source: FrameSource, probe: Probe
) -> None:
    """How a negative index before the first frame is answered."""
    stream_id = v1.stream()
    frame_source.play(stream_id, 2, fps=2, size=SMALL)
    seen = {c.version.name: outcome(c.ask(frame_of(stream_id, "frame_index=-1000"))) for c in (v1, v1beta)}
    probe.record(seen, decided={"v1": 200, "v1beta": [409, "frame_not_yet_produced"]})


@probe("malformed JSON in a chat")
@documented("nothing is said")
def test_malformed_json(chat: ChatClient, probe: Probe) -> None:
    """How a completion whose body is not JSON is answered."""
    sent = chat.http("POST", f"{chat.prefix}/chat/completions", key=chat.key, content=b"{")
    probe.record(sent.status, decided=422)


@probe("picture that cannot be decoded")
@documented("nothing is said")
def test_a_broken_image(chat: ChatClient, probe: Probe) -> None:
    """How a completion about an image that cannot be decoded is answered."""
    broken = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    probe.record(chat.ask(broken).status, decided=422)
