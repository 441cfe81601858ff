"""How often a fault is met, by whatever was said of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.engine.instants import SECOND
from ovs_mock.faults.schedule import FaultError, FaultSchedule, FireCounter, ScheduleBuilder


class Words(ScheduleBuilder):
    def __init__(self, plan: FaultSchedule = FaultSchedule()) -> None:  # noqa: B008 - frozen
        self.plan = plan

    @property
    def _plan(self) -> FaultSchedule:
        return self.plan

    def _with(self, plan: FaultSchedule) -> "Words":
        return Words(plan)


counts = st.integers(0, 40)


@given(skipped=st.integers(0, 8), nth=st.integers(1, 5), times=st.none() | st.integers(1, 6), occasions=counts)
def test_times_every_and_after(skipped: int, nth: int, times: int | None, occasions: int) -> None:
    words = Words().after(skipped).every(nth)
    tally = FireCounter((words.times(times) if times else words).plan, 0)
    met = [turn for turn in range(1, occasions + 1) if tally.take(0)]
    assert met == list(range(skipped + nth, occasions + 1, nth))[:times]
    assert tally.used == len(met)
    assert tally.spent == (times is not None and len(met) == times)


@given(begin=st.integers(0, 9), length=st.integers(1, 9), moments=st.lists(st.integers(0, 20)))
def test_a_window_is_open_from_its_first_moment_until_before_its_last(
    begin: int, length: int, moments: list[int]
) -> None:
    tally = FireCounter(Words().between(begin, begin + length).plan, 7 * SECOND)
    met = [moment for moment in moments if tally.take((7 + moment) * SECOND)]
    assert met == [moment for moment in moments if begin <= moment < begin + length]


@given(probability=st.floats(0.01, 1), seed=st.integers())
def test_chance_is_the_same_for_the_same_seed(probability: float, seed: int) -> None:
    plan = Words().rate(probability, seed).plan
    runs = [[tally.take(0) for _ in range(50)] for tally in (FireCounter(plan, 0), FireCounter(plan, 0))]
    assert runs[0] == runs[1]
    assert plan.expected == 0


def test_once_unless_more_is_said() -> None:
    assert [FireCounter(FaultSchedule(), 0).plan.limit(lasting=lasting) for lasting in (False, True)] == [1, None]
    assert Words().always().plan.limit(lasting=False) is None
    assert Words().always().times(3).plan.limit(lasting=True) == 3
    assert [words.plan.expected for words in (Words(), Words().times(3), Words().optional())] == [1, 3, 0]


WRONG: list[tuple[Any, str]] = [
    (lambda words: words.times(0), r"times\(0\): expected a whole number of at least 1; .*optional\(\)"),
    (lambda words: words.times(True), r"times\(True\): expected a whole number"),
    (lambda words: words.every(1.5), r"every\(1.5\)"),
    (lambda words: words.after(-1), r"after\(-1\): .* at\(seconds\)"),
    (lambda words: words.rate(2), r"rate\(2\): expected a probability"),
    (lambda words: words.at(-1), r"at\(-1\): expected seconds"),
    (lambda words: words.at(float("nan")), r"at\(nan\): expected seconds"),
    (lambda words: words.between(5, 5), r"between\(5, 5\): expected the earlier moment first"),
]


@pytest.mark.parametrize(("say", "why"), WRONG)
def test_what_cannot_be_is_said(say: Any, why: str) -> None:
    with pytest.raises(FaultError, match=why):
        say(Words())
