"""Runs a machine, and looks for a short way into a deviation."""

from collections.abc import Callable
from typing import cast

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from ovs_contracts.client.session import TargetSession
from ovs_contracts.stateful.state_machine import ApiStateMachine

STEPS = 30
# Where hypothesis would make a failing run shorter for minutes, runs of fewer steps are tried for a moment.
SHORTER_RUNS = (2, 4, 8, 15)
TRIES = 15

Make = Callable[[TargetSession], ApiStateMachine]


def run(machine: Make, session: TargetSession, *, runs: int, seed_: int) -> None:
    """The deviation that is raised has the steps that lead to it in its notes."""
    found = _first_deviation(machine, session, STEPS, runs, seed_)
    if found is None:
        return
    for steps in SHORTER_RUNS:
        if shorter := _first_deviation(machine, session, steps, TRIES, seed_):
            raise shorter
    raise found


def _first_deviation(machine: Make, session: TargetSession, steps: int, runs: int, seed_: int) -> AssertionError | None:
    """What comes to light in so many runs of so many steps."""

    def begin() -> RuleBasedStateMachine:
        return machine(session)

    try:
        run_state_machine_as_test(
            # Whatever makes a machine will do.
            cast("type[RuleBasedStateMachine]", seed(seed_)(begin)),
            settings=settings(
                max_examples=runs,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                print_blob=False,
                report_multiple_bugs=False,
                phases=(Phase.generate,),
                suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large),
            ),
        )
    except AssertionError as deviation:
        return deviation
    except BaseExceptionGroup as group:
        # One that did not come about again.
        if seen := group.subgroup(AssertionError):
            return _first(seen)
        raise
    return None


def _first(group: BaseExceptionGroup[AssertionError]) -> AssertionError:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
