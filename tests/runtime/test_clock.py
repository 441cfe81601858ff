"""Three clocks: one that runs, one that runs and can be moved, one that stands still."""

import pytest

from ovs_mock.engine.instants import SECOND
from ovs_mock.runtime.clock import Clock, ClockError, FrozenClock, RealClock, RunningClock


@pytest.mark.parametrize("clock", [RealClock(), RunningClock()])
def test_a_running_clock_knows_how_long_a_deadline_is_off(clock: Clock) -> None:
    delay = clock.delay_until(clock.now() + 10 * SECOND)
    assert delay is not None
    assert 9 < delay <= 10
    assert clock.delay_until(clock.now() - SECOND) == 0


def test_the_real_clock_says_which_clocks_can_be_moved() -> None:
    with pytest.raises(ClockError, match=r"running clock .* or a frozen one"), RealClock().moving():
        pass


def test_a_frozen_clock_passes_only_by_hand() -> None:
    clock = FrozenClock(start=100)
    assert clock.delay_until(200) is None
    with clock.moving() as moving:
        moving.move_to(150)
        moving.move_to(120)
    assert clock.now() == 150


def test_a_running_clock_stands_still_while_it_is_moved_and_runs_on_from_there() -> None:
    clock = RunningClock(start=0)
    with clock.moving() as moving:
        assert clock.now() == clock.now()
        assert clock.delay_until(clock.now() + SECOND) is None
        moving.move_to(10 * SECOND)
        assert clock.now() == 10 * SECOND
    assert 10 * SECOND <= clock.now() < 11 * SECOND
