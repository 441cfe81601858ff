"""Rate limits, unavailable models, expired leases, and costs."""

import pytest
from door_watch import MODELS, DoorWatch, OutOfServiceError, StreamLostError

from ovs_mock import LeakKind, Ovs, Reply


@pytest.mark.ovs(chats_per_second=1)
def test_it_comes_back_after_a_rate_limit(ovs: Ovs, watch: DoorWatch) -> None:
    ovs.play(watch.stream_id, seconds=1)
    watch.look()
    began = ovs.now()

    watch.look()

    assert ovs.now() - began == pytest.approx(1), "as long as retry-after says"
    statuses = [request.status for request in ovs.journal.requests("POST", "*/chat/completions")]
    assert statuses == [200, 429, 200]


@pytest.mark.ovs(models={MODELS[0]: "unavailable"})
def test_it_asks_the_next_model_when_one_is_unavailable(ovs: Ovs, watch: DoorWatch) -> None:
    ovs.play(watch.stream_id, seconds=1)
    assert watch.look().model == MODELS[1]
    ovs.journal.assert_requested("POST", "*/chat/completions", times=1, status=503, json={"model": MODELS[0]})


def test_it_says_so_when_no_model_answers(ovs: Ovs, watch: DoorWatch) -> None:
    ovs.play(watch.stream_id, seconds=1)
    ovs.model.reply(Reply.upstream(500), Reply.timeout())
    with pytest.raises(OutOfServiceError):
        watch.look()


def test_an_hour_on_one_lease_of_five_minutes(ovs: Ovs, watch: DoorWatch) -> None:
    watch.wait_for_video()
    sightings = list(watch.watch(3600, every=600))
    assert len(sightings) == 6
    assert ovs.stream(watch.stream_id).running
    ovs.journal.assert_requested("POST", "/v1beta/streams/*/keepalive", times=24)


def test_a_watch_that_hung_finds_its_stream_gone(ovs: Ovs, watch: DoorWatch) -> None:
    ovs.play(watch.stream_id, seconds=1)
    ovs.advance(301)  # nobody renewed the lease
    with pytest.raises(StreamLostError):
        watch.look()
    assert ovs.stream(watch.stream_id).end_reason == "lease_expired"


def test_the_stream_is_deleted_even_when_the_watch_breaks(ovs: Ovs) -> None:
    with pytest.raises(ZeroDivisionError), DoorWatch(ovs.v1beta, ovs.api_key):
        _ = 1 / 0
    ovs.journal.assert_requested("DELETE", "/v1beta/streams/*", times=1)
    assert not ovs.leaks


def test_the_bill_of_a_look(ovs: Ovs, watch: DoorWatch) -> None:
    ovs.play(watch.stream_id, seconds=1)
    watch.look()
    assert 0 < ovs.bill.cents < 0.1
    assert [line.what for line in ovs.bill.lines] == [f"chats with {MODELS[0]}"]


@pytest.mark.ovs_budget(cents=1)
def test_an_hour_stays_within_its_budget(watch: DoorWatch) -> None:
    watch.wait_for_video()
    assert len(list(watch.watch(3600, every=60))) == 60


@pytest.mark.ovs(leaks="ignore")
def test_a_stream_that_nobody_deletes_is_found(ovs: Ovs) -> None:
    """Without the marker, ``ovs_leaks = fail`` in pytest.ini fails this test for the stream that it leaves open."""
    abandoned = DoorWatch(ovs.v1beta, ovs.api_key)
    abandoned.__enter__()
    assert [leak.kind for leak in ovs.leaks] == [LeakKind.STREAM]
    assert abandoned.stream_id in str(ovs.leaks[0])
    ovs.advance(301)
    assert not ovs.leaks, "its lease has ended"
    abandoned.__exit__()
