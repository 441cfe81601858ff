"""How streams of v0.2 end, and what their sockets receive."""

from ovs_contracts.client.v02 import V02Client, frames_every
from ovs_contracts.client.v02_errors import refused
from ovs_contracts.runner.marks import documented, needs, passes_time, sends_video
from ovs_contracts.suite.v02.bodies import FPS, SIZE
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import hold, hold_near


@documented("v0.2 socket: 1001 stream ended: client_requested")
def test_closing_a_stream_closes_its_sockets(v02: V02Client) -> None:
    """Closing a stream closes all its sockets with the reason client_requested."""
    stream_id = v02.stream()
    with v02.result_socket(stream_id) as first, v02.result_socket(stream_id) as second:
        v02.delete(stream_id).expect(200)
        for socket in (first, second):
            hold("the close frame", expected=(1001, "stream ended: client_requested"), seen=socket.wait_closed())


@documented("v0.2 keepalive: 402, lease not renewed; close 1001 stream ended: insufficient_credits")
@needs(Capability.CONTROL)
@passes_time(46)
def test_running_out_of_credits(v02: V02Client, clock: TargetTime, controls: Controls) -> None:
    """A keepalive without enough credits is 402 and renews nothing; the stream ends with insufficient_credits."""
    controls.open_account(v02.key, credits_cents=1)
    stream_id = v02.stream()
    with v02.result_socket(stream_id) as results:
        clock.let_pass(36)
        refused(v02.keepalive(stream_id), 402)
        v02.info(stream_id).expect(200)
        clock.let_pass(10)
        hold("the close frame", expected=(1001, "stream ended: insufficient_credits"), seen=results.wait_closed())
    refused(v02.keepalive(stream_id), 404)
    v02.delete(stream_id).expect(204)


@documented("v0.2 socket: 1001 when the stream ends; clients count on nothing after it")
@sends_video(5)
def test_results_end_with_the_stream(v02: V02Client, frame_source: FrameSource) -> None:
    """All results are sent before the close frame, and no inference runs after the end."""
    stream_id = v02.stream(frames_every(1.0))
    with v02.result_socket(stream_id) as results:
        frame_source.play(stream_id, 5, fps=FPS, size=SIZE)
        made = v02.status(stream_id)["inferences_completed"]
        v02.delete(stream_id).expect(200)
        came = len(results.receive_until_closed())
        hold("the close frame", expected=(1001, "stream ended: client_requested"), seen=results.close_frame())
    assert made <= came <= made + 1, f"{made} inferences before the end, {came} results"


@documented("v0.2 socket: results due before the end come before the close")
@sends_video(47, Capability.CONTROL)
def test_a_lease_that_expires_drops_no_results(v02: V02Client, clock: TargetTime, frame_source: FrameSource) -> None:
    """A stream with video has one result for each second of its lease, then the close frame."""
    stream_id = v02.stream(frames_every(1.0))
    with v02.result_socket(stream_id) as results:
        begun = clock.now()
        frame_source.play(stream_id, 47, fps=FPS, size=SIZE)
        came = len(results.receive_until_closed())
        hold("the close frame", expected=(1001, "stream ended: lease_expired"), seen=results.close_frame())
    # The lease began a little before the video.
    hold_near("results in a lease of 45 s", expected=45, seen=came, within=1 + clock.now() - begun - 47)


@documented("clients of v0.2: after the end, reconnects and keepalives come for a while, and are answered cleanly")
@passes_time(30)
def test_clients_that_go_on_after_the_end(v02: V02Client, clock: TargetTime) -> None:
    """After the end sockets are closed at once, keepalives are 404 and closing is 204, each time."""
    stream_id = v02.stream()
    v02.delete(stream_id).expect(200)
    for _ in range(3):
        clock.let_pass(10)
        with v02.result_socket(stream_id) as results:
            hold("results after the end", expected=[], seen=results.receive_until_closed())
            # Whether the stream is remembered is the target's to decide.
            assert results.close_frame()[0] in (1001, 1008)
        refused(v02.keepalive(stream_id), 404)
        v02.delete(stream_id).expect(204)
