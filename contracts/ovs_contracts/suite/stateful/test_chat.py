"""The chat versions in any order of requests."""

import pytest

from ovs_contracts.client.session import TargetSession
from ovs_contracts.runner.marks import mock_only, needs
from ovs_contracts.runner.options import Options
from ovs_contracts.stateful.chat_state_machine import ChatStateMachine
from ovs_contracts.stateful.running import run
from ovs_contracts.targets.capabilities import Capability

DEFAULT_RUNS = 20


@mock_only("takes hours of real time, several accounts, and a model that says which frames it was given")
@needs(Capability.CONTROL, Capability.ACCOUNTS, Capability.FRAMES)
def test_any_order_of_calls(session: TargetSession, request: pytest.FixtureRequest) -> None:
    """In any order of requests, statuses, figures and referenced frames are those of the model."""
    options = Options.from_config(request.config)
    run(ChatStateMachine, session, runs=options.cases or DEFAULT_RUNS, seed_=options.seed)
