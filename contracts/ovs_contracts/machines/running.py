"""Runs a machine, and lets hypothesis look for a short way into a deviation."""

from collections.abc import Callable
from typing import cast

from hypothesis import HealthCheck, Phase, reject, seed, settings
from hypothesis.control import current_build_context
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from ovs_contracts.machines.machine import Machine
from ovs_contracts.session import Session

STEPS = 30
# How often a deviation is tried again with less, as each try takes a moment.
SHORTER = 60


def run(machine: Callable[[Session], Machine], session: Session, *, runs: int, seed_: int) -> None:
    """The deviation that is raised has the steps that lead to it in its notes."""
    tries = _Tries()

    def begin() -> RuleBasedStateMachine:
        if tries.over() and not current_build_context().is_final:
            reject()
        made = machine(session)
        made.on_deviation = tries.found
        return made

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


class _Tries:
    """Counts what is tried once something has been found."""

    def __init__(self) -> None:
        self._left: int | None = None

    def found(self) -> None:
        if self._left is None:
            self._left = SHORTER

    def over(self) -> bool:
        if self._left is not None:
            self._left -= 1
        return self._left is not None and self._left < 0
