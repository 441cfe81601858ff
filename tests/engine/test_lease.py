"""A stream lives on its lease."""

import pytest
from ovs_support.engine import KEY, Bench, create, only

from ovs_mock.engine.commands import EndStream, FrameArrived, RenewLease
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import AlreadyEnded, LeaseRenewed, StreamEnded
from ovs_mock.engine.instants import micros
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.stream import EndReason


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_lease_runs_out_at_its_own_moment_however_late_somebody_looks(bench: Bench) -> None:
    stream = bench.stream()
    (ended,) = only(bench.go_to(500), StreamEnded)
    assert (ended.at, ended.reason) == (micros(45), EndReason.LEASE_EXPIRED)
    assert stream.id == ended.stream_id


def test_a_keepalive_starts_the_lease_anew(bench: Bench) -> None:
    stream = bench.stream()
    bench.go_to(44.9)
    bench.do(RenewLease(KEY, stream.id))
    assert bench.go_to(89.8) == []
    assert [e.at for e in only(bench.go_to(89.9), StreamEnded)] == [micros(89.9)]


def test_a_keepalive_at_the_very_end_of_the_lease_is_too_late(bench: Bench) -> None:
    stream = bench.stream()
    bench.at = 45
    with pytest.raises(CommandRejectedError) as refused:
        bench.do(RenewLease(KEY, stream.id))
    assert refused.value.code is ErrorCode.STREAM_NOT_FOUND


def test_a_keepalive_charges_the_time_since_the_last_charge(bench: Bench) -> None:
    stream = bench.stream()
    bench.go_to(15)
    renewed = bench.one(RenewLease(KEY, stream.id), LeaseRenewed)
    assert (renewed.charge.duration, renewed.charge.microcents) == (micros(15), 500_000)
    assert renewed.balance == 1_000 * 1_000_000 - 500_000


def test_the_end_charges_the_rest(bench: Bench) -> None:
    stream = bench.stream()
    bench.go_to(15)
    bench.do(RenewLease(KEY, stream.id))
    bench.go_to(21)
    ended = bench.one(EndStream(KEY, stream.id), StreamEnded)
    assert (ended.reason, ended.charge.microcents) == (EndReason.CLIENT_REQUESTED, 200_000)


def test_ending_twice_says_so_and_charges_nothing(bench: Bench) -> None:
    stream = bench.stream()
    bench.do(EndStream(KEY, stream.id))
    balance = bench.engine.state.account_of(stream).balance
    bench.go_to(30)
    assert [type(e) for e in bench.do(EndStream(KEY, stream.id))] == [AlreadyEnded]
    assert bench.engine.state.account_of(stream).balance == balance


def test_an_end_is_remembered_after_the_tombstone_has_gone(bench: Bench) -> None:
    stream = bench.stream()
    bench.do(EndStream(KEY, stream.id))
    bench.go_to(61)
    assert stream.id not in bench.engine.state.streams
    assert [type(e) for e in bench.do(EndStream(KEY, stream.id))] == [AlreadyEnded]
    with pytest.raises(CommandRejectedError):
        bench.do(EndStream("ovs-mallory", stream.id))


def test_without_credits_the_lease_is_not_renewed_and_its_end_says_why() -> None:
    bench = Bench(Settings(seed=1, credits_cents=1))
    stream = bench.stream()
    bench.go_to(40)
    with pytest.raises(CommandRejectedError) as refused:
        bench.do(RenewLease(KEY, stream.id))
    assert refused.value.code is ErrorCode.INSUFFICIENT_CREDITS
    (ended,) = only(bench.go_to(60), StreamEnded)
    assert (ended.at, ended.reason) == (micros(45), EndReason.INSUFFICIENT_CREDITS)
    assert bench.engine.state.account_of(stream).balance == 0


def test_credits_that_come_in_time_make_the_refusal_forgotten() -> None:
    bench = Bench(Settings(seed=1, credits_cents=1))
    stream = bench.stream()
    bench.go_to(40)
    with pytest.raises(CommandRejectedError):
        bench.do(RenewLease(KEY, stream.id))
    bench.engine.state.accounts.register(KEY, credits_cents=100)
    bench.do(RenewLease(KEY, stream.id))
    (ended,) = only(bench.go_to(100), StreamEnded)
    assert ended.reason is EndReason.LEASE_EXPIRED


def test_a_stream_needs_credits_to_begin() -> None:
    bench = Bench(Settings(seed=1, credits_cents=0))
    with pytest.raises(CommandRejectedError) as refused:
        bench.stream()
    assert refused.value.code is ErrorCode.INSUFFICIENT_CREDITS


def test_the_sixth_stream_of_a_key_is_one_too_many(bench: Bench) -> None:
    streams = [bench.stream() for _ in range(5)]
    with pytest.raises(CommandRejectedError) as refused:
        bench.stream()
    assert refused.value.code is ErrorCode.TOO_MANY_STREAMS
    bench.stream(key="ovs-bob")
    bench.do(EndStream(KEY, streams[0].id))
    bench.stream()


def test_a_refusal_repeats_the_id_that_the_caller_gave_to_the_request(bench: Bench) -> None:
    with pytest.raises(CommandRejectedError) as refused:
        bench.do(create(model="nobody/knows", request_id="mine"))
    assert (refused.value.code, refused.value.request_id) == (ErrorCode.UNKNOWN_MODEL, "mine")


def test_a_saturated_model_takes_no_new_streams(bench: Bench) -> None:
    bench.engine.state.models.set_status("Qwen/Qwen3.5-9B", "saturated")
    with pytest.raises(CommandRejectedError) as refused:
        bench.stream()
    assert refused.value.code is ErrorCode.MODEL_NOT_ACCEPTING
    bench.engine.state.models.set_status("Qwen/Qwen3.5-9B", "degraded")
    bench.stream()


def test_another_users_stream_is_as_unknown_as_one_that_never_was(bench: Bench) -> None:
    stream = bench.stream()
    messages = set()
    for key, stream_id in (("ovs-mallory", stream.id), ("ovs-mallory", "nothing"), (KEY, "nothing")):
        with pytest.raises(CommandRejectedError) as refused:
            bench.do(RenewLease(key, stream_id))
        messages.add((refused.value.code, refused.value.message))
    assert len(messages) == 1


@pytest.mark.parametrize("key", [None, "sk-other", "ovs-", ""])
def test_a_key_of_no_known_form_is_refused(bench: Bench, key: str | None) -> None:
    with pytest.raises(CommandRejectedError) as refused:
        bench.do(create(key=key))
    assert refused.value.code is ErrorCode.UNAUTHORIZED


def test_strict_keys_must_be_registered_and_not_revoked() -> None:
    bench = Bench(Settings(seed=1, strict_keys=True, api_keys=["ovs-known"]))
    bench.stream(key="ovs-known")
    with pytest.raises(CommandRejectedError):
        bench.stream(key="ovs-unknown")
    bench.engine.state.accounts.revoke("ovs-known")
    with pytest.raises(CommandRejectedError):
        bench.stream(key="ovs-known")


def test_media_that_comes_after_the_end_changes_nothing(bench: Bench) -> None:
    stream = bench.stream()
    bench.do(EndStream(KEY, stream.id))
    assert bench.frame(stream) == []
    assert bench.do(FrameArrived("nothing", 0, stream)) == []  # type: ignore[arg-type]
    assert stream.frames.received == 0
