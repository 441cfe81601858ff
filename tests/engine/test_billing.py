"""Charges add up to the microcent."""

from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.engine.billing import StreamMeter
from ovs_mock.engine.instants import MINUTE, micros

durations = st.integers(min_value=0, max_value=10**12)
rates = st.integers(min_value=0, max_value=10**9)


def test_fifteen_seconds_at_two_cents_a_minute_are_half_a_cent() -> None:
    charge = StreamMeter(0, 2_000_000).charge(micros(15))
    assert (charge.duration, charge.microcents) == (micros(15), 500_000)


@given(st.integers(0, 10**15), rates, st.lists(durations))
def test_many_small_charges_are_one_large_one(start: int, rate: int, steps: list[int]) -> None:
    meter, now, time, money = StreamMeter(start, rate), start, 0, 0
    for step in steps:
        now += step
        charge = meter.charge(now)
        time, money = time + charge.duration, money + charge.microcents
    assert time == now - start
    assert money == meter.charged == (now - start) * rate // MINUTE


@given(rates, durations, durations)
def test_looking_at_what_is_due_charges_nothing(rate: int, first: int, second: int) -> None:
    meter = StreamMeter(0, rate)
    meter.charge(first)
    assert meter.due(first + second) == meter.due(first + second) == meter.charge(first + second)


@given(rates, durations, st.integers(0, 10**12))
def test_a_last_charge_takes_no_more_than_there_is(rate: int, duration: int, balance: int) -> None:
    due = StreamMeter(0, rate).due(duration).microcents
    assert StreamMeter(0, rate).charge(duration, at_most=balance).microcents == min(due, balance)
