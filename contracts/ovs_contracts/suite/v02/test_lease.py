"""Leases of v0.2: 45 seconds, renewed by keepalives."""

from ovs_contracts.clients.v02 import V02
from ovs_contracts.marks import documented, passes_time
from ovs_contracts.targets.target import Time
from ovs_contracts.wire.exchange import hold


@documented("v0.2 lease: TTL 45 s from creation; close 1001 with the end reason")
@passes_time(46)
def test_an_unrenewed_lease_ends_the_stream(v02: V02, clock: Time) -> None:
    """A stream whose lease nobody renews ends after 45 seconds, and its sockets are told why."""
    stream_id = v02.stream()
    with v02.results(stream_id) as results:
        clock.let_pass(46)
        hold("the close frame", expected=(1001, "stream ended: lease_expired"), seen=results.closed())
    v02.keepalive(stream_id).expect(404)
