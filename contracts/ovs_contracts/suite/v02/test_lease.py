"""Leases of v0.2, renewed by keepalives."""

import pytest

from ovs_contracts.client.timing import ClockBounds, timed, wait_until
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.client.v02_errors import refused
from ovs_contracts.runner.marks import documented, passes_time
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.exchange import hold

# How long before and after the end of a lease the stream is looked at; what a server may take to notice.
BEFORE, AFTER = 0.5, 0.9


def ends_after(v02: V02Client, clock: TargetTime, stream_id: str, ttl: float, since: ClockBounds) -> None:
    """A Deviation unless the stream lives on until its lease ends, and no longer."""
    wait_until(clock, since.earliest + ttl - BEFORE)
    lived, asked = timed(clock, lambda: v02.info(stream_id))
    if asked.latest > since.earliest + ttl:
        pytest.skip("too slow to look at the stream before its lease ends")
    lived.expect(200)
    wait_until(clock, since.latest + ttl + AFTER)
    refused(v02.keepalive(stream_id), 404)


@documented("v0.2 lease: TTL 45 s from creation")
@passes_time(46)
def test_a_lease_lasts_as_long_as_it_says(v02: V02Client, clock: TargetTime) -> None:
    """A stream without keepalives lives for its ttl_seconds and no longer."""
    created, at = timed(clock, v02.create)
    shown = created.expect(201).json
    ends_after(v02, clock, shown["stream_id"], shown["lease"]["ttl_seconds"], at)


@documented("v0.2 lease: TTL 45 s from the last good keepalive")
@passes_time(58)
def test_a_keepalive_renews_the_lease(v02: V02Client, clock: TargetTime) -> None:
    """A keepalive restarts the lease."""
    stream_id = v02.stream()
    clock.let_pass(12)
    kept, at = timed(clock, lambda: v02.keepalive(stream_id))
    ends_after(v02, clock, stream_id, kept.expect(200).json["ttl_seconds"], at)


@documented("v0.2 lease: close 1001 with the end reason; keepalives after the end are 404")
@passes_time(46)
def test_an_unrenewed_lease_ends_the_stream(v02: V02Client, clock: TargetTime) -> None:
    """A stream without keepalives ends with its lease, and its sockets close with lease_expired."""
    stream_id = v02.stream()
    with v02.result_socket(stream_id) as results:
        clock.let_pass(46)
        hold("the close frame", expected=(1001, "stream ended: lease_expired"), seen=results.wait_closed())
    refused(v02.keepalive(stream_id), 404)


@documented("v0.2 keepalive: recommended cadence 10 to 20 s")
@passes_time(60)
def test_a_stream_lives_as_long_as_it_is_kept_alive(v02: V02Client, clock: TargetTime) -> None:
    """A stream with a keepalive every 20 seconds outlives its first lease."""
    stream_id = v02.stream()
    for _ in range(3):
        clock.let_pass(20)
        v02.keepalive(stream_id).expect(200)
