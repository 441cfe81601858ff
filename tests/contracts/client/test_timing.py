"""Durations are held to what can be told from outside, and no closer."""

import pytest
from ovs_contracts.client.timing import ClockBounds, hold_duration, timed, wait_until
from ovs_contracts.transport.exchange import Deviation


class Slow:
    """A clock on which every look takes a second."""

    def __init__(self) -> None:
        self.at = 100.0

    def now(self) -> float:
        self.at += 1
        return self.at

    def let_pass(self, seconds: float) -> None:
        self.at += seconds


def test_something_happens_between_two_looks() -> None:
    done, moment = timed(Slow(), lambda: "done")
    assert (done, moment) == ("done", ClockBounds(101, 102))


@pytest.mark.parametrize("seconds", [7.95, 8, 12, 12.05])
def test_what_may_have_been(seconds: float) -> None:
    hold_duration("it took", seconds, ClockBounds(0, 2), ClockBounds(10, 12))


@pytest.mark.parametrize("seconds", [7.8, 12.2, float("nan")])
def test_what_cannot_have_been(seconds: float) -> None:
    with pytest.raises(Deviation, match=r"(?s)it took.*8\.00 to 12\.00 seconds"):
        hold_duration("it took", seconds, ClockBounds(0, 2), ClockBounds(10, 12))


def test_waiting_never_goes_back() -> None:
    clock = Slow()
    wait_until(clock, 110)
    assert clock.at == 110
    wait_until(clock, 50)
    assert clock.at == 111, "the look, and no more"
