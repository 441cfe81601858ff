"""A socket says who it is in time, or is turned away with a reason."""

import pytest
from ovs_support.engine import KEY, Bench

from ovs_mock.engine.commands import AuthenticateSocket, CloseSocket, EndStream, OpenSocket
from ovs_mock.engine.events import Event, SocketAccepted, SocketRejected, SocketRejection
from ovs_mock.engine.instants import micros
from ovs_mock.engine.stream import EndReason


@pytest.fixture
def bench() -> Bench:
    return Bench()


def knock(bench: Bench, stream_id: str, key: str | None) -> Event:
    bench.do(OpenSocket("s", stream_id))
    (event,) = bench.do(AuthenticateSocket("s", key))
    return event


def test_the_owners_key_opens_the_socket(bench: Bench) -> None:
    stream = bench.stream()
    assert isinstance(knock(bench, stream.id, KEY), SocketAccepted)
    assert [e for e in bench.go_to(30) if isinstance(e, SocketRejected)] == []


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (None, SocketRejection.NO_KEY),
        ("nonsense", SocketRejection.BAD_KEY),
        ("ovs-mallory", SocketRejection.STREAM_NOT_FOUND),
    ],
)
def test_other_keys_do_not(bench: Bench, key: str | None, why: SocketRejection) -> None:
    refused = knock(bench, bench.stream().id, key)
    assert isinstance(refused, SocketRejected)
    assert refused.rejection is why


def test_an_unknown_stream_looks_like_another_users(bench: Bench) -> None:
    refused = knock(bench, "nothing", KEY)
    assert isinstance(refused, SocketRejected)
    assert refused.rejection is SocketRejection.STREAM_NOT_FOUND


def test_an_ended_stream_says_how_it_ended_as_long_as_its_tombstone_stands(bench: Bench) -> None:
    stream = bench.stream()
    bench.do(EndStream(KEY, stream.id))
    refused = knock(bench, stream.id, KEY)
    assert isinstance(refused, SocketRejected)
    assert (refused.rejection, refused.end_reason) == (SocketRejection.STREAM_ENDED, EndReason.CLIENT_REQUESTED)
    bench.go_to(61)
    refused = knock(bench, stream.id, KEY)
    assert isinstance(refused, SocketRejected)
    assert refused.rejection is SocketRejection.STREAM_NOT_FOUND


def test_silence_is_refused_after_ten_seconds(bench: Bench) -> None:
    bench.do(OpenSocket("s", bench.stream().id))
    (refused,) = bench.go_to(20)
    assert isinstance(refused, SocketRejected)
    assert (refused.at, refused.rejection) == (micros(10), SocketRejection.LATE)
    assert bench.do(AuthenticateSocket("s", KEY)) == []


def test_a_socket_that_left_is_not_waited_for(bench: Bench) -> None:
    bench.do(OpenSocket("s", bench.stream().id))
    bench.do(CloseSocket("s"))
    assert bench.go_to(20) == []
