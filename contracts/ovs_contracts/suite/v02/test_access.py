"""Authentication and ownership in v0.2."""

import pytest

from ovs_contracts.client.v02 import PREFIX, V02Client
from ovs_contracts.client.v02_errors import refused
from ovs_contracts.runner.marks import documented, needs
from ovs_contracts.suite.v02.bodies import NOBODYS
from ovs_contracts.suite.v02.calls import ALL, OF_A_STREAM
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.transport.exchange import hold

UNKNOWN_KEY = "sk-0123456789abcdef0123456789abcdef"


@documented("v0.2: all endpoints need the bearer key, the models included")
@pytest.mark.parametrize("name", ALL)
def test_every_call_needs_a_key(v02: V02Client, name: str) -> None:
    """A request without a key, with an unknown key, or with a scheme other than Bearer is 401."""
    stream_id = v02.stream()
    headers = [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {UNKNOWN_KEY}"},
        {"Authorization": f"Basic {v02.key}"},
        {"Authorization": v02.key},
    ]
    for credentials in headers:
        refused(ALL[name](v02, stream_id, key=None, headers=credentials), 401)
    v02.info(stream_id).expect(200)


@documented("v0.2: 401 on every endpoint, 1008 on sockets")
@needs(Capability.CONTROL)
def test_a_revoked_key(v02: V02Client, controls: Controls) -> None:
    """A revoked key is 401 on every path, also for streams that it created."""
    stream_id = v02.stream()
    controls.revoke(v02.key)
    for send in ALL.values():
        refused(send(v02, stream_id), 401)
    with v02.result_socket(stream_id) as results:
        hold("the close code", expected=1008, seen=results.wait_closed()[0])


@documented("v0.2: healthz")
def test_health_needs_no_key(v02: V02Client) -> None:
    """/v0.2/healthz needs no key."""
    healthy = v02.http("GET", f"{PREFIX}/healthz").expect(200)
    hold("the body", expected={"status": "ok"}, seen=healthy.json, exchange=healthy)


@documented("v0.2 endpoints: 404 unknown")
@pytest.mark.parametrize("name", [*OF_A_STREAM, "delete"])
def test_unknown_streams(v02: V02Client, name: str) -> None:
    """A request about an unknown stream is 404."""
    refused(ALL[name](v02, NOBODYS), 404)


@documented("v0.2 endpoints: 404 for another key's stream")
@needs(Capability.SECOND_KEY)
@pytest.mark.parametrize("name", [*OF_A_STREAM, "delete"])
def test_streams_of_another_user(v02: V02Client, other_key: str, name: str) -> None:
    """A request about another user's stream is 404 and does not change the stream."""
    stream_id = v02.stream()
    refused(ALL[name](v02, stream_id, key=other_key), 404)
    v02.info(stream_id).expect(200)


@documented("v0.2 endpoints: 404 expired")
@pytest.mark.parametrize("name", OF_A_STREAM)
def test_streams_that_have_ended(v02: V02Client, name: str) -> None:
    """A request about an ended stream is 404, also when it is repeated."""
    stream_id = v02.stream()
    v02.delete(stream_id).expect(200)
    for _ in range(2):
        refused(ALL[name](v02, stream_id), 404)


@documented("clients of v0.2: bodiless calls come with a JSON content type")
@pytest.mark.parametrize("name", ["keepalive", "info", "spectate", "models", "delete"])
def test_calls_without_a_body_may_name_a_content_type(v02: V02Client, name: str) -> None:
    """A request without a body may have the header Content-Type: application/json."""
    ALL[name](v02, v02.stream(), headers={"Content-Type": "application/json"}).expect(200)
