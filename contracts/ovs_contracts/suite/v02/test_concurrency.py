"""How many streams of v0.2 a key may run."""

from ovs_contracts.client.v02 import VERSION, V02Client
from ovs_contracts.client.v02_errors import refused
from ovs_contracts.runner.marks import costs, documented, needs, passes_time, streams
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.targets.target import TargetTime

LIMIT = VERSION.max_streams


@documented("v0.2 limits: 5 concurrent streams a key, the sixth is a 429")
@streams(LIMIT + 1)
def test_the_sixth_stream(v02: V02Client) -> None:
    """A sixth stream is 429 until one of the five is closed."""
    five = [v02.stream() for _ in range(LIMIT)]
    refused(v02.create(), 429)
    v02.keepalive(five[0]).expect(200)
    v02.delete(five[0]).expect(200)
    v02.create().expect(201)
    refused(v02.create(), 429)


@documented("v0.2 limits: 5 concurrent streams a key")
@passes_time(46)
@streams(LIMIT + 1)
@costs(9)
def test_expired_streams_free_their_places(v02: V02Client, clock: TargetTime) -> None:
    """Expired streams do not count towards the limit."""
    for _ in range(LIMIT):
        v02.stream()
    clock.let_pass(46)
    v02.create().expect(201)


@documented("v0.2 limits: 5 concurrent streams a key")
@needs(Capability.CONTROL)
@streams(LIMIT + 1)
def test_the_limit_is_per_key(v02: V02Client, controls: Controls) -> None:
    """Another key of the same user has its own limit."""
    second = v02.key + "-second"
    controls.open_account(v02.key)
    controls.open_account(second, same_user_as=v02.key)
    for _ in range(LIMIT):
        v02.stream()
    v02.create(key=second).expect(201)
    refused(v02.create(), 429)
