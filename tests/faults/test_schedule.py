"""How often a fault fires, by its schedule."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.engine.instants import SECOND
from ovs_mock.faults.schedule import FaultError, FaultSchedule, FireCounter, ScheduleBuilder


class Builder(ScheduleBuilder):
    def __init__(self, schedule: FaultSchedule = FaultSchedule()) -> None:  # noqa: B008 - frozen
        super().__init__(schedule)
        self.schedule = schedule

    def _with(self, schedule: FaultSchedule) -> "Builder":
        return Builder(schedule)


counts = st.integers(0, 40)


@given(skipped=st.integers(0, 8), nth=st.integers(1, 5), times=st.none() | st.integers(1, 6), occasions=counts)
def test_times_every_and_after(skipped: int, nth: int, times: int | None, occasions: int) -> None:
    builder = Builder().after(skipped).every(nth)
    counter = FireCounter((builder.times(times) if times else builder).schedule, 0)
    fired = [turn for turn in range(1, occasions + 1) if counter.try_fire(0)]
    assert fired == list(range(skipped + nth, occasions + 1, nth))[:times]
    assert counter.fired == len(fired)
    assert counter.exhausted == (times is not None and len(fired) == times)


@given(begin=st.integers(0, 9), length=st.integers(1, 9), moments=st.lists(st.integers(0, 20)))
def test_a_window_is_open_from_its_first_moment_until_before_its_last(
    begin: int, length: int, moments: list[int]
) -> None:
    counter = FireCounter(Builder().between(begin, begin + length).schedule, 7 * SECOND)
    fired = [moment for moment in moments if counter.try_fire((7 + moment) * SECOND)]
    assert fired == [moment for moment in moments if begin <= moment < begin + length]


@given(probability=st.floats(0.01, 1), seed=st.integers())
def test_chance_is_the_same_for_the_same_seed(probability: float, seed: int) -> None:
    schedule = Builder().rate(probability, seed).schedule
    runs = [
        [counter.try_fire(0) for _ in range(50)] for counter in (FireCounter(schedule, 0), FireCounter(schedule, 0))
    ]
    assert runs[0] == runs[1]
    assert schedule.expected == 0


def test_a_fault_fires_once_by_default() -> None:
    assert [FireCounter(FaultSchedule(), 0).schedule.limit(unlimited=unlimited) for unlimited in (False, True)] == [
        1,
        None,
    ]
    assert Builder().always().schedule.limit(unlimited=False) is None
    assert Builder().always().times(3).schedule.limit(unlimited=True) == 3
    assert [builder.schedule.expected for builder in (Builder(), Builder().times(3), Builder().optional())] == [1, 3, 0]


WRONG: list[tuple[Any, str]] = [
    (lambda builder: builder.times(0), r"times\(0\): expected a whole number of at least 1; .*optional\(\)"),
    (lambda builder: builder.times(True), r"times\(True\): expected a whole number"),
    (lambda builder: builder.every(1.5), r"every\(1.5\)"),
    (lambda builder: builder.after(-1), r"after\(-1\): .* at\(seconds\)"),
    (lambda builder: builder.rate(2), r"rate\(2\): expected a probability"),
    (lambda builder: builder.at(-1), r"at\(-1\): expected seconds"),
    (lambda builder: builder.at(float("nan")), r"at\(nan\): expected seconds"),
    (lambda builder: builder.between(5, 5), r"between\(5, 5\): expected the earlier moment first"),
]


@pytest.mark.parametrize(("build", "why"), WRONG)
def test_wrong_arguments_raise_an_error_that_names_them(build: Any, why: str) -> None:
    with pytest.raises(FaultError, match=why):
        build(Builder())
