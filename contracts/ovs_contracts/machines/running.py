"""Runs a machine, and lets hypothesis find the shortest way into a deviation."""

from collections.abc import Callable
from typing import cast

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from ovs_contracts.session import Session

STEPS = 30


def run(machine: Callable[[Session], RuleBasedStateMachine], session: Session, *, runs: int, seed_: int) -> None:
    """The deviation that is raised has the steps that lead to it in its notes."""

    def begin() -> RuleBasedStateMachine:
        return machine(session)

    run_state_machine_as_test(
        # Whatever makes a machine will do.
        cast("type[RuleBasedStateMachine]", seed(seed_)(begin)),
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            print_blob=False,
            report_multiple_bugs=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large),
        ),
    )
