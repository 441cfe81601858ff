"""Closing streams of v0.2."""

from ovs_contracts.client.v02 import V02Client
from ovs_contracts.runner.marks import documented, passes_time
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.exchange import hold


@documented("v0.2 delete: 200 when it was running, 204 when it had already closed")
def test_a_stream_is_closed_once(v02: V02Client) -> None:
    """Closing a running stream is 200, closing it again is 204 without a body."""
    stream_id = v02.stream()
    closed = v02.delete(stream_id).expect(200)
    hold("the body", expected={"status": "ok"}, seen=closed.json, exchange=closed)
    for _ in range(2):
        again = v02.delete(stream_id).expect(204)
        hold("the body", expected=b"", seen=again.body, exchange=again)


@documented("clients of v0.2: after the end, calls are answered cleanly for as long as they come")
@passes_time(120)
def test_closing_a_stream_long_after_its_end(v02: V02Client, clock: TargetTime) -> None:
    """Closing a stream is 204 two minutes after its end, too."""
    stream_id = v02.stream()
    v02.delete(stream_id).expect(200)
    clock.let_pass(120)
    v02.delete(stream_id).expect(204)


@documented("v0.2 delete: 204 when the stream had expired")
@passes_time(47)
def test_closing_an_expired_stream(v02: V02Client, clock: TargetTime) -> None:
    """Closing an expired stream is 204."""
    stream_id = v02.stream()
    clock.let_pass(47)
    v02.delete(stream_id).expect(204)
