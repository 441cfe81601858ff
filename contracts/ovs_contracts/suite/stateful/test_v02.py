"""v0.2 in any order of requests."""

import pytest

from ovs_contracts.client.session import TargetSession
from ovs_contracts.runner.marks import mock_only, needs
from ovs_contracts.runner.options import Options
from ovs_contracts.stateful.running import run
from ovs_contracts.stateful.v02_state_machine import V02StateMachine
from ovs_contracts.targets.capabilities import Capability

DEFAULT_RUNS = 20


@mock_only("takes hours of real time, and many accounts")
@needs(Capability.CONTROL, Capability.ACCOUNTS, Capability.FRAMES)
def test_any_order_of_calls(session: TargetSession, request: pytest.FixtureRequest) -> None:
    """In any order of requests, statuses, charges, results and close frames are those of the model."""
    options = Options.from_config(request.config)
    run(V02StateMachine, session, runs=options.cases or DEFAULT_RUNS, seed_=options.seed)
