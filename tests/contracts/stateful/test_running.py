"""A machine that finds something says how it got there, and soon."""

from collections.abc import Iterator

import pytest
from ovs_contracts.client.session import TargetSession, open_session
from ovs_contracts.stateful.running import run
from ovs_contracts.stateful.v02_state_machine import V02StateMachine
from ovs_contracts.targets.mock import start_mock
from ovs_contracts.transport.exchange import Deviation


@pytest.fixture(scope="module")
def drifting() -> Iterator[TargetSession]:
    with start_mock(1, ["--mutant", "v02-seconds-rounded-up"]) as target, open_session(target) as session:
        yield session


def test_the_steps_into_a_deviation_are_few_and_readable(drifting: TargetSession) -> None:
    with pytest.raises(Deviation) as raised:
        run(V02StateMachine, drifting, runs=20, seed_=1)
    notes = "\n".join(raised.value.__notes__)
    steps = [line for line in notes.splitlines() if line.startswith("state.")]
    assert steps[0].startswith("state.open_account(cents=")
    assert len(steps) <= 10
    assert "Moment(" not in notes
    assert not drifting.ledger.open
