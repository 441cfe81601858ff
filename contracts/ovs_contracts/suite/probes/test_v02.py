"""v0.2: what its documents leave open."""

from typing import Any

from ovs_contracts.client.probes import Probe
from ovs_contracts.client.v02 import MODEL, V02Client, clips, frames_every
from ovs_contracts.runner.marks import documented, needs, passes_time, probe, sends_video
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import Deviation
from ovs_contracts.transport.sockets import ResultSocketClient

UNKNOWN = "00000000-0000-4000-8000-000000000000"
FIRST_MESSAGE_SECONDS = 10


def with_processing(body: dict[str, Any], **processing: Any) -> dict[str, Any]:
    return {**body, "processing": {**body["processing"], **processing}}


def still_open(socket: ResultSocketClient) -> bool:
    try:
        socket.wait_closed(timeout=0.2)
    except Deviation:
        return True
    return False


@probe("2")
@documented("0.1 in the documents, more than 0 in the OpenAPI file")
def test_shortest_interval(v02: V02Client, probe: Probe) -> None:
    """The shortest interval between inferences."""
    seen = {interval: v02.create(frames_every(interval)).status for interval in (0.05, 0.1)}
    probe.record(seen, decided={0.05: 422, 0.1: 201})


@probe("3")
@documented("the JavaScript client allows 60, the OpenAPI file names no limit")
def test_longest_delay(v02: V02Client, probe: Probe) -> None:
    """Whether the delay between clips may exceed 60 seconds."""
    probe.record(v02.create(clips(delay=61.0)).status, decided=201)


@probe("4")
@documented("45 s; an older text says 30 s")
def test_lease(v02: V02Client, probe: Probe) -> None:
    """How long a lease lasts."""
    probe.record(v02.create().expect(201).json["lease"]["ttl_seconds"], decided=45)


@probe("5")
@documented("only: 1008 authentication failed")
@needs(Capability.SECOND_KEY)
def test_socket_of_a_stream_that_is_not_ours(v02: V02Client, other_key: str, probe: Probe) -> None:
    """How sockets of an unknown stream and of another user's stream are closed."""
    stream_id = v02.stream()
    with v02.result_socket(UNKNOWN) as unknown, v02.result_socket(stream_id, other_key) as foreign:
        frames = unknown.wait_closed(), foreign.wait_closed()
    seen = {"code": frames[0][0], "alike": frames[0] == frames[1], "says not found": "not found" in frames[0][1]}
    probe.record(seen, decided={"code": 1008, "alike": True, "says not found": True})


@probe("6")
@documented("nothing is said")
@passes_time(61)
def test_socket_of_a_stream_that_has_ended(v02: V02Client, clock: TargetTime, probe: Probe) -> None:
    """How a socket of an ended stream is closed: at once, and 60 seconds later."""
    stream_id = v02.stream()
    v02.delete(stream_id)
    with v02.result_socket(stream_id) as at_once:
        first = at_once.wait_closed()
    clock.let_pass(61)
    with v02.result_socket(stream_id) as later:
        second = later.wait_closed()[0]
    probe.record([*first, second], decided=[1001, "stream ended: client_requested", 1008])


@probe("7")
@documented("nothing is said")
@passes_time(FIRST_MESSAGE_SECONDS + 1)
def test_timeout_of_the_first_message(v02: V02Client, clock: TargetTime, probe: Probe) -> None:
    """Whether a socket without a first message is open until 10 seconds have passed, and how it is closed."""
    with v02.socket(v02.stream()) as silent:
        clock.let_pass(FIRST_MESSAGE_SECONDS - 1)
        before = still_open(silent)
        clock.let_pass(2)
        after = None if still_open(silent) else silent.close_frame()[0]
    probe.record({"open before": before, "closed after": after}, decided={"open before": True, "closed after": 1008})


@probe("8")
@documented("the OpenAPI file lists 400 and 422")
def test_statuses_of_invalid_bodies(v02: V02Client, probe: Probe) -> None:
    """Which invalid requests are 400, and which 422."""
    seen = {
        "fails validation": v02.create({"processing": {}, "inference": {}}).status,
        "malformed JSON": v02.http("POST", "/v0.2/streams", key=v02.key, content=b"{").status,
        "malformed id": v02.prompt("not-a-uuid", "Look.").status,
    }
    probe.record(seen, decided={"fails validation": 422, "malformed JSON": 400, "malformed id": 400})


@probe("9")
@documented("nothing is said")
def test_mode_that_contradicts_processing(v02: V02Client, probe: Probe) -> None:
    """How a mode that contradicts the processing is answered."""
    probe.record(v02.create({**frames_every(1.0), "mode": "clip"}).status, decided=422)


@probe("10")
@documented("no status is named")
def test_unknown_model(v02: V02Client, probe: Probe) -> None:
    """How a stream with an unknown model is answered."""
    body = frames_every(1.0)
    probe.record(v02.create({**body, "inference": {**body["inference"], "model": "no/such-model"}}).status, decided=422)


@probe("10")
@documented("such a model rejects new streams; no status is named")
@needs(Capability.CONTROL)
def test_models_that_take_no_streams(v02: V02Client, controls: Controls, probe: Probe) -> None:
    """How a stream with a saturated or unavailable model is answered."""
    seen = {}
    try:
        for status in ("saturated", "unavailable"):
            controls.set_model_status(MODEL, status)
            seen[status] = v02.create().status
    finally:
        controls.set_model_status(MODEL, "ready")
    probe.record(seen, decided={"saturated": 503, "unavailable": 503})


@probe("20")
@documented("an example charges 0.5 cents for 15 s, and what remains is a whole number")
@passes_time(15)
def test_rounding_of_charges(v02: V02Client, clock: TargetTime, probe: Probe) -> None:
    """Whether charges are exact, and how the balance is rounded."""
    stream_id = v02.stream()
    before = v02.keepalive(stream_id).expect(200).json
    clock.let_pass(15)
    after = v02.keepalive(stream_id).expect(200).json
    spent = before["credits_remaining_cents"] - after["credits_remaining_cents"]
    seen = {"cost for 15 s": round(after["cost_cents"], 1), "taken at once": 0 <= spent <= 1}
    probe.record(seen, decided={"cost for 15 s": 0.5, "taken at once": True})


@probe("27")
@documented("idle: frames stopped; no threshold")
@sends_video(11)
def test_idle(v02: V02Client, clock: TargetTime, frame_source: FrameSource, probe: Probe) -> None:
    """When a stream without frames becomes idle, and whether inferences go on meanwhile."""
    stream_id = v02.stream()
    with v02.result_socket(stream_id) as results:
        frame_source.play(stream_id, 2, fps=5, size=(64, 64))
        clock.let_pass(2)
        early = v02.status(stream_id)["state"]
        clock.let_pass(4)
        late = v02.status(stream_id)["state"]
        results.receive_available()
        clock.let_pass(2)
        meanwhile = len(results.receive_available())
        frame_source.play(stream_id, 1, fps=5, size=(64, 64))
        again = v02.status(stream_id)["state"]
    seen = {"after 2 s": early, "after 6 s": late, "results while idle": meanwhile, "with frames again": again}
    decided = {"after 2 s": "active", "after 6 s": "idle", "results while idle": 0, "with frames again": "active"}
    probe.record(seen, decided=decided)
