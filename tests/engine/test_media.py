"""Frames make a stream active, silence makes it idle, and a publisher that stays away ends it."""

import pytest
from ovs_support.engine import Bench, only

from ovs_mock.engine.commands import PublisherJoined, PublisherLeft, SuspendIdleTimer, TransportLost
from ovs_mock.engine.events import StateChanged, StreamEnded, TokenExpiring
from ovs_mock.engine.instants import micros
from ovs_mock.engine.stream import EndReason, StreamState


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_stream_is_pending_until_its_first_frame(bench: Bench) -> None:
    stream = bench.stream()
    assert stream.state is StreamState.PENDING
    assert [e.state for e in only(bench.frame(stream), StateChanged)] == [StreamState.ACTIVE]
    assert only(bench.frame(stream), StateChanged) == []


def test_five_seconds_of_silence_make_it_idle_and_the_next_frame_active(bench: Bench) -> None:
    stream = bench.stream()
    bench.frame(stream)
    bench.go_to(3)
    bench.frame(stream)
    changes = only(bench.go_to(10), StateChanged)
    assert [(e.at, e.state) for e in changes] == [(micros(8), StreamState.IDLE)]
    assert [e.state for e in only(bench.frame(stream), StateChanged)] == [StreamState.ACTIVE]


def test_silence_in_time_that_was_skipped_does_not_count(bench: Bench) -> None:
    stream = bench.stream()
    bench.frame(stream)
    bench.do(SuspendIdleTimer(frozenset({stream.id}), micros(30)))
    assert only(bench.go_to(34.9), StateChanged) == []
    assert [e.at for e in only(bench.go_to(35), StateChanged)] == [micros(35)]


def test_a_publisher_that_leaves_makes_it_idle_at_once_and_ends_it_unless_it_returns(bench: Bench) -> None:
    stream = bench.stream()
    bench.do(PublisherJoined(stream.id, "p", micros(600)))
    bench.frame(stream)
    bench.go_to(1)
    (change,) = bench.do(PublisherLeft(stream.id, "p"))
    assert isinstance(change, StateChanged)
    assert change.state is StreamState.IDLE
    (ended,) = only(bench.go_to(40), StreamEnded)
    assert (ended.at, ended.reason) == (micros(16), EndReason.LIVEKIT_DISCONNECTED)


def test_a_publisher_that_returns_in_time_resumes_it(bench: Bench) -> None:
    stream = bench.stream()
    bench.do(PublisherJoined(stream.id, "p", micros(600)))
    bench.frame(stream)
    bench.do(PublisherLeft(stream.id, "p"))
    bench.go_to(14)
    bench.do(PublisherJoined(stream.id, "p", micros(600)))
    assert only(bench.frame(stream), StateChanged)
    assert only(bench.go_to(44), StreamEnded) == []


def test_one_publisher_of_two_may_leave(bench: Bench) -> None:
    stream = bench.stream()
    bench.do(PublisherJoined(stream.id, "p", micros(600)))
    bench.do(PublisherJoined(stream.id, "q", micros(600)))
    bench.frame(stream)
    assert bench.do(PublisherLeft(stream.id, "p")) == []
    assert stream.state is StreamState.ACTIVE


def test_a_lost_webrtc_connection_ends_its_stream(bench: Bench) -> None:
    stream = bench.stream()
    (ended,) = bench.do(TransportLost(stream.id))
    assert isinstance(ended, StreamEnded)
    assert ended.reason is EndReason.WEBRTC_DISCONNECTED


def test_a_publishers_token_is_renewed_at_half_its_life(bench: Bench) -> None:
    stream = bench.stream(lease=micros(10_000))
    bench.do(PublisherJoined(stream.id, "p", micros(600)))
    expiring = only(bench.go_to(901), TokenExpiring)
    assert [(e.at, e.identity) for e in expiring] == [(micros(t), "p") for t in (300, 600, 900)]
    bench.do(PublisherLeft(stream.id, "p"))
    assert only(bench.go_to(5_000), TokenExpiring) == []
