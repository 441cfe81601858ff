"""The response to keepalives of v0.2. test_lease and test_billing check what they renew and charge."""

from ovs_contracts.client.v02 import VERSION, V02Client
from ovs_contracts.runner.marks import documented, sends_video
from ovs_contracts.suite.v02.bodies import FPS, SIZE
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import hold

FIELDS = {
    "status",
    "stream_id",
    "ttl_seconds",
    "credits_remaining_cents",
    "cost_cents",
    "seconds_charged",
    "livekit_token",
    "state",
}


@documented("v0.2 keepalive: response")
def test_what_a_keepalive_answers(v02: V02Client) -> None:
    """A keepalive returns the stream's lease, charge, balance and state."""
    stream_id = v02.stream()
    kept = v02.keepalive(stream_id).expect(200)
    shown = kept.json
    hold("fields lacking", expected=set(), seen=FIELDS - set(shown), exchange=kept)
    said = {name: shown[name] for name in ("status", "stream_id", "ttl_seconds", "state")}
    expected = {"status": "ok", "stream_id": stream_id, "ttl_seconds": VERSION.lease_seconds, "state": "pending"}
    hold("what is known beforehand", expected=expected, seen=said, exchange=kept)
    for name in ("ttl_seconds", "credits_remaining_cents"):
        hold(f"{name} is a whole number", expected=int, seen=type(shown[name]), exchange=kept)
    for name in ("cost_cents", "seconds_charged"):
        assert shown[name] >= 0


@documented("v0.2 keepalive: livekit_token is fresh for native transport")
def test_every_keepalive_brings_a_new_token(v02: V02Client) -> None:
    """Every keepalive of a native stream returns a new token."""
    created = v02.create().expect(201).json
    tokens = [created["livekit"]["token"]]
    tokens += [v02.keepalive(created["stream_id"]).expect(200).json["livekit_token"] for _ in range(2)]
    assert all(isinstance(token, str) and token.count(".") == 2 for token in tokens)
    hold("different tokens", expected=3, seen=len(set(tokens)))


@documented("v0.2 keepalive: state pending, active, idle")
@sends_video(18)
def test_states(v02: V02Client, clock: TargetTime, frame_source: FrameSource) -> None:
    """A stream is pending before its first frame, active while frames arrive, and idle after they stop."""
    stream_id = v02.stream()

    def states() -> set[str]:
        answers = v02.keepalive(stream_id), v02.info(stream_id)
        return {answer.expect(200).json["state"] for answer in answers}

    hold("before the first frame", expected={"pending"}, seen=states())
    frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
    hold("with frames", expected={"active"}, seen=states())
    clock.let_pass(12)
    hold("when they have stopped", expected={"idle"}, seen=states())
    frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
    hold("with frames again", expected={"active"}, seen=states())
