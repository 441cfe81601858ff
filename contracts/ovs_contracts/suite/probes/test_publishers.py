"""What happens to a stream whose publisher leaves."""

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.livekit.publisher import RoomPublisher
from ovs_contracts.client.probes import Probe
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.runner.marks import documented, needs, passes_time, probe
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.realtime import wait_for


@probe("18")
@probe("24")
@documented("rejoin with a fresh token; one application saw the stream end")
@needs(Capability.PUBLISH)
@passes_time(20)
def test_a_publisher_leaves(v1: ChatClient, v1beta: ChatClient, clock: TargetTime, probe: Probe) -> None:
    """Whether a stream of v1 outlives its publisher, and how each version shows its end if it does not."""
    created = v1.create().expect(201).json
    with RoomPublisher(created["publish"]["url"], created["publish"]["token"]):
        wait_for(lambda: v1.get(created["id"]).json["last_frame_at_ms"] is not None)
    clock.let_pass(20)
    seen = {
        c.version.name: [(shown := c.get(created["id"]).json).get("state"), shown.get("end_reason")]
        for c in (v1, v1beta)
    }
    probe.record(seen, decided={"v1": ["active", None], "v1beta": ["active", None]})


@probe("26")
@documented("livekit_disconnected is an end reason; native survives reconnects")
@needs(Capability.PUBLISH)
@passes_time(17)
def test_a_publisher_of_v02_leaves_for_good(v02: V02Client, clock: TargetTime, probe: Probe) -> None:
    """Whether a stream of v0.2 outlives its publisher, and when and with which reason it ends."""
    created = v02.create().expect(201).json
    stream_id = created["stream_id"]
    with v02.result_socket(stream_id) as results:
        with RoomPublisher(created["livekit"]["url"], created["livekit"]["token"]):
            wait_for(lambda: v02.info(stream_id).json["state"] == "active")
        wait_for(lambda: v02.info(stream_id).json["state"] != "active")
        at_once = v02.info(stream_id).json["state"]
        clock.let_pass(16)
        closed = results.wait_closed()
    probe.record([at_once, *closed], decided=["idle", 1001, "stream ended: livekit_disconnected"])
