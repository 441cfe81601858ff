"""v1 and v1beta in any order."""

import pytest

from ovs_contracts.client.session import TargetSession
from ovs_contracts.runner.marks import mock_only, needs
from ovs_contracts.runner.options import Options
from ovs_contracts.stateful.chat_state_machine import ChatStateMachine
from ovs_contracts.stateful.running import run
from ovs_contracts.targets.capabilities import Capability

DEFAULT_RUNS = 20


@mock_only("takes hours of real time, several accounts, and a model that says which frames it was given")
@needs(Capability.CONTROL, Capability.ACCOUNTS, Capability.FOOTAGE)
def test_any_order_of_calls(session: TargetSession, request: pytest.FixtureRequest) -> None:
    """However streams are made, filmed, kept, referred to and ended, statuses, figures and frames are right."""
    options = Options.from_config(request.config)
    run(ChatStateMachine, session, runs=options.cases or DEFAULT_RUNS, seed_=options.seed)
