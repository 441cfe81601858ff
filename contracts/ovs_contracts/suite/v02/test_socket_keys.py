"""Authentication of v0.2's result sockets: the first message must hold the key."""

import json

import pytest

from ovs_contracts.client.v02 import V02Client
from ovs_contracts.runner.marks import documented, needs, passes_time, sends_video
from ovs_contracts.suite.v02.bodies import FPS, NOBODYS, SIZE
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import hold

FAILED = 1008
UNKNOWN_KEY = "sk-0123456789abcdef0123456789abcdef"
NO_KEYS = {
    "not JSON": "hello",
    "empty": "",
    "a string": '"key"',
    "an array": "[]",
    "null": "null",
    "no api_key": "{}",
    "another name": '{"key": "{key}"}',
    "api_key null": '{"api_key": null}',
    "api_key empty": '{"api_key": ""}',
    "api_key a number": '{"api_key": 7}',
    "the bare key": "{key}",
}


@documented("v0.2 socket: 1008 for a malformed first message")
@pytest.mark.parametrize("message", NO_KEYS.values(), ids=NO_KEYS)
def test_first_messages_that_hold_no_key(v02: V02Client, message: str) -> None:
    """A first message other than {"api_key": "<key>"} closes the socket with 1008."""
    with v02.socket(v02.stream()) as socket:
        socket.send(message.replace("{key}", v02.key))
        hold("the close code", expected=FAILED, seen=socket.wait_closed()[0])


@documented("v0.2 socket: the first message is text")
def test_a_binary_first_message(v02: V02Client) -> None:
    """A binary first message closes the socket with 1008."""
    with v02.socket(v02.stream()) as socket:
        socket.send(json.dumps({"api_key": v02.key}).encode())
        hold("the close code", expected=FAILED, seen=socket.wait_closed()[0])


@documented("v0.2 socket: 1008 for a wrong key; the handshake always succeeds")
def test_an_unknown_key(v02: V02Client) -> None:
    """The handshake succeeds with any key; an unknown key closes the socket with 1008."""
    with v02.result_socket(v02.stream(), UNKNOWN_KEY) as socket:
        hold("the close code", expected=FAILED, seen=socket.wait_closed()[0])


@documented("v0.2 socket: 1008 when the key does not own the stream")
@needs(Capability.SECOND_KEY)
def test_the_key_of_another_user(v02: V02Client, other_key: str) -> None:
    """Another user's key closes the socket with 1008."""
    with v02.result_socket(v02.stream(), other_key) as socket:
        hold("the close code", expected=FAILED, seen=socket.wait_closed()[0])


@documented("v0.2 socket: the handshake always succeeds; 1008 when the key does not own the stream")
@pytest.mark.parametrize("stream_id", [NOBODYS, "not-a-uuid"])
def test_an_unknown_stream(v02: V02Client, stream_id: str) -> None:
    """A socket for an unknown stream opens, and closes with 1008 after the key was sent."""
    with v02.result_socket(stream_id) as socket:
        hold("the close code", expected=FAILED, seen=socket.wait_closed()[0])


@documented("v0.2 socket: 1008 for a late first message")
@passes_time(30)
def test_a_first_message_that_does_not_come(v02: V02Client, clock: TargetTime) -> None:
    """A socket without a first message is closed with 1008 within 30 seconds."""
    with v02.socket(v02.stream()) as socket:
        clock.let_pass(30)
        hold("the close code", expected=FAILED, seen=socket.wait_closed()[0])


@documented("clients of v0.2: headers may come along on the handshake and mean nothing")
@sends_video(3)
@pytest.mark.parametrize("authorization", [None, f"Bearer {UNKNOWN_KEY}", "Basic nonsense"])
def test_headers_of_the_handshake_are_ignored(
    v02: V02Client, frame_source: FrameSource, authorization: str | None
) -> None:
    """A socket whose first message holds the key gets results, whatever the headers of its handshake."""
    stream_id = v02.stream()
    headers = {"Content-Type": "application/json"} | ({"Authorization": authorization} if authorization else {})
    with v02.socket(stream_id, headers) as socket:
        socket.authenticate(v02.key)
        frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
        hold("stream_id", expected=stream_id, seen=socket.receive()["stream_id"])


@documented("v0.2 socket: results come once the first message has come")
@sends_video(6)
def test_no_results_before_the_key(v02: V02Client, frame_source: FrameSource) -> None:
    """A socket gets results only after its key was sent."""
    stream_id = v02.stream()
    with v02.socket(stream_id) as socket:
        frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
        hold("results before the key", expected=[], seen=socket.receive_available())
        socket.authenticate(v02.key)
        frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
        hold("stream_id", expected=stream_id, seen=socket.receive()["stream_id"])


@documented("clients of v0.2: a good header on the handshake is no key")
@passes_time(30)
def test_a_good_header_is_no_key(v02: V02Client, clock: TargetTime) -> None:
    """A key in a header of the handshake does not replace the first message."""
    with v02.socket(v02.stream(), {"Authorization": f"Bearer {v02.key}"}) as socket:
        clock.let_pass(30)
        hold("the close code", expected=FAILED, seen=socket.wait_closed()[0])


@documented("clients of v0.2: pings every 20 s")
def test_pings_are_answered(v02: V02Client) -> None:
    """A socket answers pings before and after its key was sent."""
    with v02.socket(v02.stream()) as socket:
        for _ in range(2):
            hold("a pong", expected=True, seen=socket.ping())
            socket.authenticate(v02.key)
